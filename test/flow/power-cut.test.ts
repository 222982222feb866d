/** The power goes at any moment: what was acknowledged is there once, what was erased stays erased, and the hub starts. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { chooseCuts, judgeCuts, replayTrace, type Judged, type Story } from '../power/cuts.ts'
import { Disk, digestOf } from '../power/disk.ts'
import { layOldFolder, tellPublishing, tellUpgrade } from '../power/other-stories.ts'
import { tellStory, type Stage } from '../power/story.ts'
import { underTrace } from '../power/trace.ts'
import { temporaryFolder } from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'
import { randomFrom } from '../support/random.ts'

const strace = outside('strace')
/** 20 with every change; `npm run soak` asks for 1,000. Another seed makes other cuts. */
const count = Number(process.env['LAMPPOST_TEST_CUTS'] ?? 20)
const seed = Number(process.env['LAMPPOST_TEST_SEED'] ?? 20_261_130)
const shares = { life: 0.7, upgrade: 0.15, publishing: 0.15 }
/** Far more than a cut takes on a small and busy machine. */
const patienceMs = 600_000 + count * 120_000

describe.skipIf(!strace.present)(`${count} power cuts (${strace.line})`, () => {
  let folder = temporaryFolder()
  afterEach(() => {
    folder.remove()
    folder = temporaryFolder()
  })

  /** `lay` puts there what was there before the story. */
  async function cutThrough(
    share: number,
    tell: (stage: Stage) => Promise<Story>,
    lay: (root: string) => void = () => undefined
  ): Promise<void> {
    const root = join(folder.path, 'recorded')
    mkdirSync(root)
    lay(root)
    const trace = join(folder.path, 'trace')
    const [recorded, replayed] = [new Disk(root), new Disk(root)]
    const story = await tell({ root, aside: folder.path, under: underTrace(strace.path, trace) })
    const steps = await replayTrace(trace, root, recorded)
    // All that the hub wrote was seen.
    expect(withoutMapped(recorded.digests())).toEqual(withoutMapped(filesOf(root)))

    const random = randomFrom(seed)
    const cuts = chooseCuts(steps, story.phases, Math.round(count * share), random)
    const all: Judged[] = []
    for await (const judged of judgeCuts(replayed, { steps, story, cuts, random, scratch: folder.path })) {
      all.push(judged)
      if (judged.wrong.length > 0) process.stdout.write(`${wordsOf(judged).join('\n')}\n`)
    }
    process.stdout.write(`${countsOf(all)}\n`)
    expect(all.flatMap(wordsOf)).toEqual([])
  }

  it(
    'of a hub that takes messages, imports, moves, backs up and erases cost nothing that was promised',
    () => cutThrough(shares.life, tellStory),
    patienceMs
  )

  it(
    'of an upgrade leave every reading, and the way back',
    () => {
      let csv = ''
      return cutThrough(
        shares.upgrade,
        (stage) => tellUpgrade(stage, csv),
        (root) => void (csv = layOldFolder(root))
      )
    },
    patienceMs
  )

  it(
    'of a hub that publishes days of homes leave each as it was seen',
    () => cutThrough(shares.publishing, tellPublishing),
    patienceMs
  )
})

function wordsOf({ cut, wrong }: Judged): string[] {
  return wrong.map((one) => `after step ${cut.after} (${cut.phase}, keeping ${cut.keeps}): ${one}`)
}

function countsOf(all: readonly Judged[]): string {
  const phases = Object.entries(Object.groupBy(all, ({ cut }) => cut.phase))
  const counts = phases.map(([name, some = []]) => `${name} ${some.length}`).join(', ')
  const wrong = all.filter(({ wrong: found }) => found.length > 0).length
  return `${all.length} power cuts (${counts}): after ${wrong} something was lost, double, back, or the hub did not start.`
}

/** What is mapped into memory is written without a call, and nobody relies on it after a cut. */
function withoutMapped(files: Map<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...files].filter(([name]) => !name.endsWith('-shm')).toSorted(([a], [b]) => (a < b ? -1 : 1))
  )
}

function filesOf(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const files = names.map((name) => join(root, name)).filter((file) => statSync(file).isFile())
  return new Map(files.map((file) => [relative(root, file), digestOf(readFileSync(file))]))
}
