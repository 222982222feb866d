/** Cuts the power at moments of a recorded story, spread over its phases, and judges what is left. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { allKeeps, Disk, type Keeps } from './disk.ts'
import { stepsOf, type Step } from './trace.ts'

/** What a story says of itself when it is over. */
export interface Story {
  /** Unix milliseconds. */
  phases: { name: string; from: number; until: number }[]
  /**
   * Starts a hub on what is below `root`, and gives what is wrong; nothing, if all is well. `at` is when the power went: what
   * was known before must hold.
   */
  judge(root: string, at: number): Promise<string[]>
}

export interface Cut {
  /** After this many steps. */
  after: number
  phase: string
  keeps: Keeps
}

export interface Judged {
  cut: Cut
  wrong: string[]
}

/** All steps of a trace, done on the disk. */
export async function replayTrace(traceFile: string, root: string, disk: Disk): Promise<Step[]> {
  const steps: Step[] = []
  for await (const step of stepsOf(traceFile, root, disk)) {
    disk.do(step.op)
    steps.push(step)
  }
  return steps
}

/** As many in each phase; half of them where something became safe or a name changed, since there a story can break. */
export function chooseCuts(
  steps: readonly Step[],
  phases: Story['phases'],
  count: number,
  random: () => number
): Cut[] {
  const cuts = Array.from({ length: count }, (_, i): Cut => {
    const { name, from, until } = phases[i % phases.length]!
    const inside = steps
      .keys()
      .filter((n) => steps[n]!.at >= from && steps[n]!.at < until)
      .toArray()
    const turns = inside.filter((n) => isTurn(steps[n]!))
    const among = random() < 0.5 && turns.length > 0 ? turns : inside
    const after = among[Math.floor(random() * among.length)] ?? steps.length - 1
    return { after, phase: name, keeps: allKeeps[Math.floor(random() * allKeeps.length)]! }
  })
  return cuts.toSorted((a, b) => a.after - b.after)
}

function isTurn({ op }: Step): boolean {
  return op.kind !== 'write' && op.kind !== 'syncBegins'
}

/** Does the steps on a disk that holds what was there before them, and cuts on the way. */
export async function* judgeCuts(
  disk: Disk,
  { steps, story, cuts, random, scratch }: Judging
): AsyncGenerator<Judged> {
  let done = 0
  for (const cut of cuts) {
    while (done <= cut.after) disk.do(steps[done++]!.op)
    const root = join(scratch, 'cut')
    disk.cut(root, cut.keeps, random)
    const at = steps[cut.after + 1]?.at ?? Infinity
    const kept =
      keepIn === undefined ? undefined : join(keepIn, `cut-${cut.phase.replaceAll(' ', '-')}-${cut.after}`)
    if (kept !== undefined) cpSync(root, kept, { recursive: true })
    const wrong = await story.judge(root, at)
    if (kept !== undefined && wrong.length === 0) rmSync(kept, { recursive: true })
    yield { cut, wrong }
    rmSync(root, { recursive: true, force: true })
  }
}

/** A folder in which those cuts stay that cost something, as they were before the hub started on them. */
const keepIn = process.env['LAMPPOST_TEST_CUTS_KEPT']

export interface Judging {
  steps: readonly Step[]
  story: Story
  cuts: readonly Cut[]
  random: () => number
  /** A folder for what the cuts leave. */
  scratch: string
}
