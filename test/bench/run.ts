/**
 * Runs the benchmarks of this folder one after another and prints what they measure: all of them, or those named
 * (`npm run bench -- journal store`). A benchmark prints numbers beside their aims; it asserts nothing, since a time
 * depends on the machine.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { basename, join } from 'node:path'

/** They take many minutes, or need a server that not everybody has. */
const onlyWhenNamed = new Set(['large', 'outage', 'store-day'])
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'))
  .toSorted()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark called ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  process.exit(2)
}

const memoryGb = (totalmem() / 1024 ** 3).toFixed(0)
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${memoryGb} GB`)
let failed = 0
for (const name of asked.length > 0 ? asked : known.filter((one) => !onlyWhenNamed.has(one))) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit'
  })
  if (status !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
