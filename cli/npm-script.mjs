// What the scripts of package.json call: node cli/npm-script.mjs [--dev] FILE [arguments]. Installs first where needed.
import { goOn, installIfNeeded, SetUpFailed } from './set-up.mjs'

const [first, ...rest] = process.argv.slice(2)
const dev = first === '--dev'
const [file, ...args] = dev ? rest : [first, ...rest]
try {
  await installIfNeeded({ dev })
  await goOn(file, args)
} catch (cause) {
  if (!(cause instanceof SetUpFailed)) throw cause
  process.stderr.write(`lamppost: ${cause.message}\n`)
  process.exitCode = 1
}
