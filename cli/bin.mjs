#!/usr/bin/env node
// Starts the command with the Node that the project brings, whatever Node the machine has.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const home = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const own = join(home, 'node_modules', '.bin', 'node')
const node = existsSync(own) ? own : process.execPath
const child = spawn(node, [join(home, 'cli', 'lamppost.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1)
})
