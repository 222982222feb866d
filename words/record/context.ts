/** What every part of a record is said with, and how it writes days. */
import type { DampRecord } from '../../contract/damp-record.ts'
import { isRepairRulesId, repairRules, type RepairRules } from '../../science/repair-rules.ts'
import { longDayText, momentText } from '../format.ts'
import type { TextContext } from '../words.ts'

export type RecordContext = TextContext<'common' | 'street' | 'record'>

/** With the year always: a record is read years later. */
export function momentWithYear(context: RecordContext, iso: string): string {
  const at = Date.parse(iso)
  return longDayText(context, at) + ', ' + momentText({ ...context, now: at }, at)
}

export function rulesOf({ rules }: Pick<DampRecord, 'rules'>): RepairRules | null {
  return rules !== null && isRepairRulesId(rules) ? repairRules[rules] : null
}

/** A civil day as people write it, whatever the zone: noon of it in UTC. */
export function dayText(context: RecordContext, date: string): string {
  return longDayText({ ...context, zone: 'UTC' }, Date.parse(`${date}T12:00:00Z`))
}
