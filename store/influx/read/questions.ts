/** Reads fields of mounts over stretches of time: what nearly everything else here begins with. */
import type { TimeRange } from '../../../model/columns.ts'
import type { Quantity } from '../../../model/quantity.ts'
import type { Series } from '../../memory/catalogue.ts'
import { ColumnsBy, type Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import type { Table } from '../wire/csv.ts'
import {
  anyOf,
  filter,
  isDevice,
  isEmptyRange,
  isField,
  isMeasurement,
  isSite,
  keep,
  named,
  pipe,
  source,
  type Flux
} from '../wire/flux.ts'
import { namesPerQuestionMax, runsPerRequestMax } from '../../limits.ts'
import { decodeTag, fieldsOf, readingsMeasurement } from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'

/** Their fields (all of them where none are named) within a range, by mount. */
export async function readFields(
  core: Core,
  doing: string,
  mounts: readonly Mount[],
  range: TimeRange,
  fieldNames?: readonly string[]
): Promise<Map<Mount, Fields>> {
  if (mounts.length === 0 || isEmptyRange(range)) return new Map()
  const question = pipe(
    ...selection(core, mounts, range, fieldNames),
    keep('_time', '_value', '_field', 'site', 'device')
  )
  return byMount(core, mounts, await core.server.query(doing, question))
}

/** Some mounts over some stretch. */
export interface Run {
  mounts: readonly Mount[]
  range: TimeRange
  /** All of them where none are named. */
  fields?: readonly string[]
}

/** Fields of several runs, some dozens to a request, each an answer of its own. */
export async function readFieldsOfRuns(
  core: Core,
  doing: string,
  runs: readonly Run[]
): Promise<Map<Mount, Fields>> {
  const wanted = joined(runs.filter(({ mounts, range }) => mounts.length > 0 && !isEmptyRange(range)))
  const mounts = [...new Set(wanted.flatMap((run) => run.mounts))]
  const tables: Table[] = []
  for (let next = 0; next < wanted.length; next += runsPerRequestMax) {
    const questions = wanted
      .slice(next, next + runsPerRequestMax)
      .map((run, i) =>
        pipe(
          ...selection(core, run.mounts, run.range, run.fields),
          keep('_time', '_value', '_field', 'site', 'device'),
          named(`run${i}`)
        )
      )
    tables.push(...(await core.server.query(doing, pipe(...questions))))
  }
  return byMount(core, mounts, tables)
}

/** Of the same mounts one after the other are one run: the days of a year ask the server once, not 365 times. */
function joined(runs: readonly Run[]): Run[] {
  const found: { run: Run; of: string }[] = []
  for (const run of runs) {
    const of = [...run.mounts.map(({ tags }) => tags), ...(run.fields ?? ['*'])].join('\n')
    const last = found.at(-1)
    if (last?.of === of && last.run.range.until === run.range.from)
      last.run = { ...last.run, range: { ...last.run.range, until: run.range.until } }
    else found.push({ run, of })
  }
  return found.map(({ run }) => run)
}

/** The fields of a range, before anything is made of them. */
export function selection(
  core: Core,
  mounts: readonly Mount[],
  range: TimeRange,
  fieldNames?: readonly string[]
): Flux[] {
  const conditions = [isMeasurement(readingsMeasurement), ...namesOf(mounts)]
  if (fieldNames) conditions.push(anyOf(fieldNames.map(isField)))
  return [source(core.buckets.readings, range), filter(conditions)]
}

function namesOf(mounts: readonly Mount[]): Flux[] {
  const conditions: Flux[] = []
  const sites = new Set(mounts.map(({ siteId }) => siteId))
  if (sites.size <= namesPerQuestionMax) conditions.push(anyOf([...sites].map(isSite)))
  const devices = new Set(mounts.map(({ deviceId }) => deviceId))
  if (devices.size <= namesPerQuestionMax) conditions.push(anyOf([...devices].map(isDevice)))
  return conditions
}

/** Answers about what nobody asked for (its names were too many to be said) are passed over. */
export function byMount(core: Core, mounts: readonly Mount[], tables: readonly Table[]): Map<Mount, Fields> {
  const wanted = new Set(mounts)
  const found = new ColumnsBy<Mount>()
  for (const table of tables) {
    const mount = mountOf(core, table)
    if (mount && wanted.has(mount)) found.add(mount, table.key._field ?? '', table)
  }
  return found.all()
}

export function mountOf(core: Core, { key }: Table): Mount | undefined {
  return core.mounts.find(decodeTag(key.site ?? ''), decodeTag(key.device ?? ''))
}

export function quantitiesOf(series: Iterable<Series>): Set<Series['channel']['quantity']> {
  return new Set([...series].map(({ channel }) => channel.quantity))
}

/** What is needed to know a reading as it stands. */
export function judgedFields(quantities: Iterable<Quantity>): string[] {
  return [...quantities].flatMap((quantity) => {
    const { value, flag, reasons } = fieldsOf(quantity)
    return [value, flag, reasons]
  })
}
