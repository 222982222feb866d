/** Finds what the server holds for given moments of given mounts, reading little of what lies between. */
import type { TimeRange } from '../../../model/columns.ts'
import type { UnixMs } from '../../../model/time.ts'
import { storedRows, type Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { linesAtOnceMax, lookUpGapMs } from '../../limits.ts'
import type { Mount } from '../state/mounts.ts'
import type { KnownLine } from '../state/recent-lines.ts'
import { readFieldsOfRuns, type Run } from './questions.ts'

export interface Moment {
  mount: Mount
  time: number
}

export type KnownLines = Map<Mount, Map<number, KnownLine>>

export async function lookUp(core: Core, moments: readonly Moment[]): Promise<KnownLines> {
  const known: KnownLines = new Map()
  for (const batch of batchesOf(runsOf(moments))) {
    const found = await readFieldsOfRuns(core, 'looking up readings', batch)
    for (const [mount, fields] of found) takeLines(known, mount, fields)
  }
  return known
}

export function takeLines(known: KnownLines, mount: Mount, fields: Fields): void {
  const lines = known.get(mount) ?? new Map<number, KnownLine>()
  known.set(mount, lines)
  for (const time of fields.get('sequence')?.time ?? []) {
    if (!lines.has(time)) lines.set(time, { rows: new Map() })
  }
  for (const [quantity, series] of mount.series) {
    for (const row of storedRows(fields, quantity, series.id)) lines.get(row.time)?.rows.set(series.id, row)
  }
}

/** Runs of moments without a long gap, and the mounts that each is about. */
function runsOf(moments: readonly Moment[]): Run[] {
  const runs: { first: number; last: number; mounts: Set<Mount> }[] = []
  for (const { mount, time } of moments.toSorted((a, b) => a.time - b.time)) {
    const run = runs.at(-1)
    if (run && time - run.last <= lookUpGapMs) {
      run.last = time
      run.mounts.add(mount)
    } else runs.push({ first: time, last: time, mounts: new Set([mount]) })
  }
  return runs.map(({ first, last, mounts }) => ({ mounts: [...mounts], range: through(first, last) }))
}

function through(first: number, last: number): TimeRange {
  return { from: first as UnixMs, until: (last + 1) as UnixMs }
}

/** A replay may bring hours at once: what one question gives must fit memory. A run that is too long is cut. */
function* batchesOf(runs: readonly Run[]): Generator<Run[]> {
  let batch: Run[] = []
  let lines = 0
  for (const run of runs.flatMap(cut)) {
    const more = estimate(run)
    if (batch.length > 0 && lines + more > linesAtOnceMax) {
      yield batch
      batch = []
      lines = 0
    }
    batch.push(run)
    lines += more
  }
  if (batch.length > 0) yield batch
}

/** A line a second is the quickest that a device may be told to send. */
function estimate({ mounts, range }: Run): number {
  return mounts.length * (1 + (range.until - range.from) / 1_000)
}

function cut(run: Run): Run[] {
  const pieces = Math.ceil(estimate(run) / linesAtOnceMax)
  if (pieces <= 1) return [run]
  const { from, until } = run.range
  const width = Math.ceil((until - from) / pieces)
  return Array.from({ length: pieces }, (_, i) => ({
    mounts: run.mounts,
    range: { from: (from + i * width) as UnixMs, until: Math.min(until, from + (i + 1) * width) as UnixMs }
  })).filter(({ range }) => range.from < range.until)
}
