#!/usr/bin/env node
// `npx lamppost`: starts the command with the Node that the project brings, whatever Node the machine has.
import { goOn, isInstalled } from './set-up.mjs'

if (isInstalled()) await goOn('cli/lamppost.mjs', process.argv.slice(2))
else {
  process.stderr.write('lamppost: The packages are not installed yet. Run here first: npm install\n')
  process.exitCode = 1
}
