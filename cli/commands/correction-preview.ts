/** What a correction would change, before it is set. */
import { correctedOf, definitionOf } from '../../model/quantity.ts'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { periodText } from '../../registry/corrections.ts'
import type { CommandResult, CommandContext } from '../command.ts'
import { rowText, wantedJson, type Wanted } from './correction-text.ts'
import { counted } from '../../model/counted.ts'

/** Of the last week that the period has: long enough to see, short enough to compute at once. */
const previewMs = 7 * dayMs

export async function preview(rooms: CommandContext, row: Wanted, origin: string): Promise<CommandResult> {
  const { quantity, deviceId } = row
  const { service } = rooms.pipeline
  const sites = [...new Set(rooms.registry.deployments(deviceId).map(({ siteId }) => siteId))].filter(
    (siteId) => row.siteId === null || row.siteId === siteId
  )
  const shown = []
  for (const siteId of sites) {
    const reach = await service.reach(siteId, quantity)
    const until = Math.min(reach?.until ?? 0, row.until ?? Infinity)
    const first = Math.max(reach?.from ?? 0, row.from ?? -Infinity)
    if (!reach || first >= until) continue
    const hours = await service.rollup({
      siteId,
      quantity,
      window: 'hour',
      from: first as UnixMs,
      until: until as UnixMs
    })
    const week = { siteId, from: Math.max(first, until - previewMs) as UnixMs, until: until as UnixMs }
    const candidate = { ...row, correctionId: 'dry-run', version: 1 }
    const would = await service.corrected({
      ...week,
      quantity: correctedOf(quantity),
      corrections: [candidate]
    })
    const raw = await service.raw({ ...week, quantity })
    shown.push({
      siteId,
      from: toIso(first as UnixMs),
      until: toIso(until as UnixMs),
      hours: hours.time.length,
      shownFrom: toIso(week.from),
      readings: raw.time.length,
      corrected: would.flag.filter((flag) => flag !== 4).length,
      rawMean: meanOf(raw.value, raw.flag),
      correctedMean: meanOf(would.value, would.flag)
    })
  }
  const { unit } = definitionOf(quantity)
  const lines = shown.map(
    (one) =>
      `${one.siteId}: ${counted(one.hours, 'hour')} from ${one.from} to ${one.until}. In its last week ${one.corrected} of ${counted(one.readings, 'reading')} ` +
      `${one.corrected === 1 ? 'gets' : 'get'} a value; mean ${numberText(one.rawMean)} ${unit} raw, ${numberText(one.correctedMean)} ${unit} corrected.`
  )
  return {
    json: { dryRun: true, ...wantedJson(row), origin, sites: shown },
    text: [
      `Nothing was changed. The correction would be: ${rowText(row)}, ${periodText(row)}.${origin ? ` From ${origin}.` : ''}`,
      ...(lines.length > 0 ? lines : ['There are no readings in that period yet.'])
    ].join('\n')
  }
}

function meanOf(values: readonly number[], flags: readonly number[]): number | null {
  const good = values.filter((_value, i) => flags[i] !== 4)
  return good.length === 0 ? null : good.reduce((sum, value) => sum + value, 0) / good.length
}

function numberText(value: number | null): string {
  return value === null ? 'none' : value.toFixed(1)
}
