/** Brings the look back its readings, a bounded piece at a time, and keeps what it says of them. */
import type { Quantity } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel, Series } from '../../memory/catalogue.ts'
import {
  byJudgedRange,
  byLoadedRange,
  judgedRange,
  lookBackInTurns,
  lookingBack,
  touchedHours,
  unsureOf,
  type MarkedStretch,
  type RangeGroup
} from '../../look-back-plan.ts'
import { quantile } from '../../rollups/window.ts'
import type { ExaminedBlock, LookBackRules, Verdict } from '../../promise/examine.ts'
import { standingOf } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { findLatest } from '../read/latest.ts'
import { fieldsOf, flagLine } from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'
import { judgedFields, quantitiesOf, readFields } from '../read/questions.ts'
import { sendParcels } from './sender.ts'

export function lookBack(
  core: Core,
  now: UnixMs,
  rules: LookBackRules
): Promise<{ changed: number; more: boolean }> {
  return lookBackInTurns(core, now, rules, {
    examine: (sites, marked) => examine(core, sites, marked, rules),
    async forget(marks) {
      const done = marks.filter((mark) => !core.unexamined.has(mark))
      core.state.transaction(() => core.state.unmark('unexamined', done))
    }
  })
}

interface Loaded {
  block: ExaminedBlock
  /** In the order of the block's. */
  series: Series[]
}

async function examine(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<number> {
  const loaded = await load(core, sites, marked, rules)
  const verdicts = rules.judge(loaded.block)
  if (verdicts.length === 0) return 0
  const touched = touchedHours(core.clock, loaded, verdicts)
  core.state.transaction(() =>
    core.state.mark(
      'dirty',
      touched.filter((mark) => !core.dirty.has(mark))
    )
  )
  for (const mark of touched) core.dirty.mark(mark)
  const parcels = parcelsOf(core, loaded, verdicts)
  core.recent.clear()
  await sendParcels(core, core.buckets.readings, parcels)
  await findLatest(core, unsureOf(loaded, verdicts))
  return verdicts.length
}

async function load(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<Loaded> {
  const loaded: Loaded = {
    block: {
      series: [],
      hourStart: (at) => core.clock.hourStart(at),
      middleOf: await middles(core, sites, marked, rules)
    },
    series: []
  }
  const groups = byLoadedRange(core.catalogue.channelsOf(sites), marked, rules)
  for await (const { series, standing } of readGroups(core, groups)) {
    if (standing.time.length === 0) continue
    const { deviceId, channel } = series
    loaded.block.series.push({
      siteId: channel.siteId,
      deviceId,
      quantity: channel.quantity,
      judged: judgedRange(marked, channel.quantity, rules),
      ...standing
    })
    loaded.series.push(series)
  }
  return loaded
}

async function* readGroups(
  core: Core,
  groups: readonly RangeGroup[]
): AsyncGenerator<{ series: Series; standing: ReturnType<typeof standingOf> }> {
  for (const { range, channels } of groups) {
    const all = core.catalogue.seriesOf(channels)
    const mounts = core.mounts.ofSeries(all)
    const found = await readFields(core, lookingBack, mounts, range, judgedFields(quantitiesOf(all)))
    for (const series of all) {
      const { quantity } = series.channel
      const fields = found.get(core.mounts.of(series))
      if (fields?.has(fieldsOf(quantity).value)) yield { series, standing: standingOf(fields, quantity) }
    }
  }
}

/** From what came in, never from what a look back made of it: else its answer would depend on the order of its work. */
async function middles(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<ExaminedBlock['middleOf']> {
  const asked = new Set(sites.flatMap((siteId) => [siteId, ...rules.neighboursOf(siteId)]))
  const channels = core.catalogue.channelsOf(asked).filter(({ quantity }) => rules.hasNeighbours(quantity))
  const values = new Map<Channel, Map<number, number[]>>()
  for await (const { series, standing } of readGroups(core, byJudgedRange(channels, marked, rules))) {
    const hours = values.get(series.channel) ?? new Map<number, number[]>()
    values.set(series.channel, hours)
    const { time, value, flag, reasons } = standing
    for (let i = 0; i < time.length; i++) {
      const failedComing = (reasons[i]! & rules.failing) !== 0
      if (failedComing || (flag[i] === 4 && (reasons[i]! & rules.ours) === 0)) continue
      const hour = core.clock.hourStart(time[i]!)
      const of = hours.get(hour)
      if (of) of.push(value[i]!)
      else hours.set(hour, [value[i]!])
    }
  }
  return (siteId, quantity, at) => {
    const channel = core.catalogue.channel(siteId, quantity)
    const of = channel && values.get(channel)?.get(core.clock.hourStart(at))
    return (
      of &&
      (quantile(
        of.toSorted((a, b) => a - b),
        0.5
      ) ??
        undefined)
    )
  }
}

function parcelsOf(core: Core, { block, series }: Loaded, verdicts: readonly Verdict[]) {
  const lines = new Map<Mount, Map<number, { quantity: Quantity; flag: number; reasons: number }[]>>()
  for (const { series: index, place, flag, reasons } of verdicts) {
    const mount = core.mounts.of(series[index]!)
    const times =
      lines.get(mount) ?? new Map<number, { quantity: Quantity; flag: number; reasons: number }[]>()
    lines.set(mount, times)
    const time = block.series[index]!.time[place]!
    const change = { quantity: series[index]!.channel.quantity, flag, reasons }
    times.set(time, [...(times.get(time) ?? []), change])
  }
  return [...lines].flatMap(([mount, times]) =>
    [...times].map(([time, changes]) => {
      const text = flagLine(mount.tags, time, changes)
      return { text, time, what: mount, parts: () => [] }
    })
  )
}
