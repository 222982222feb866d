/**
 * Runs benchmarks of this folder one after another and prints what they measure: those that are named, each with its own
 * arguments (`npm run bench -- journal recompute 30`), `all` of them, or, where none is named, those that every machine
 * can run in some minutes. A benchmark prints numbers beside their aims; it asserts nothing, since a time depends on the
 * machine.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { basename, join } from 'node:path'

/** They take many minutes, or need a server that not everybody has. */
const onlyWhenNamed = new Set([
  'sensorthings',
  'everything',
  'export',
  'large',
  'outage',
  'query',
  'store-day',
  'timing'
])
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'))
  .toSorted()
const asked = runsOf(process.argv.slice(2))

/** A word that names a benchmark begins a run; what follows, up to the next, is for it. */
function runsOf(words: readonly string[]): { name: string; args: string[] }[] {
  if (words.length === 0) return known.filter((one) => !onlyWhenNamed.has(one)).map(withoutArgs)
  if (words[0] === 'all') return known.map(withoutArgs)
  const runs: { name: string; args: string[] }[] = []
  for (const word of words) {
    if (known.includes(word)) runs.push({ name: word, args: [] })
    else if (runs.length > 0) runs.at(-1)!.args.push(word)
    else {
      console.error(`There is no benchmark called ${word}. There are: ${known.join(', ')}; all runs each.`)
      process.exit(2)
    }
  }
  return runs
}

function withoutArgs(name: string) {
  return { name, args: [] }
}

const memoryGb = (totalmem() / 1024 ** 3).toFixed(0)
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${memoryGb} GB`)
let failed = 0
for (const { name, args } of asked) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], {
    stdio: 'inherit'
  })
  if (status !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
