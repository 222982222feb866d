/** Walks the lines of one mount, a stretch at a time that fits memory. */
import type { TimeRange } from '../../../model/columns.ts'
import { dayMs, hourMs, type UnixMs } from '../../../model/time.ts'
import type { Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { linesAtOnceMax } from '../../limits.ts'
import type { Mount } from '../state/mounts.ts'
import { readFields } from './questions.ts'

export interface StretchOfLines {
  range: TimeRange
  fields: Fields
}

/** Oldest first; the first stretch is as wide as one line a second allows, and quiet times make them wider. */
export async function* stretchesOf(
  core: Core,
  doing: string,
  mount: Mount,
  range: TimeRange
): AsyncGenerator<StretchOfLines> {
  let width: number = Math.min(dayMs, linesAtOnceMax * 1_000)
  for (let from: number = range.from; from < range.until;) {
    const until = Math.min(range.until, from + width)
    const stretch = { from: from as UnixMs, until: until as UnixMs }
    const fields = (await readFields(core, doing, [mount], stretch)).get(mount)
    from = until
    const lines = fields?.get('sequence')?.time.length ?? 0
    if (lines < linesAtOnceMax / 4) width = Math.min(width * 2, 400 * dayMs)
    else width = Math.max(hourMs, Math.floor((width * linesAtOnceMax) / (2 * lines)))
    if (fields) yield { range: stretch, fields }
  }
}
