/** Hours of the hub's clock in SQL. */
import { hourMs, type ClockHours } from '../../../model/time.ts'

/** SQL for a time rounded down; DuckDB's % takes the sign of the dividend, and 1969 has readings too. */
export function floorTo(time: string, ms: number): string {
  return `(${time} - ((${time} % ${ms}) + ${ms}) % ${ms})`
}

/**
 * SQL for where the hour begins that a time lies in, right for times within [from, until). Most clocks are whole hours from
 * UTC, or always the same part of one; others have a case for each time that they jumped.
 */
export function hourStartOf(time: string, clock: ClockHours, from: number, until: number): string {
  const spans = from < until ? clock.spans(from, until) : []
  const regular = phases(spans).map(({ phaseMs, until: end }) => ({ end, sql: floored(time, phaseMs) }))
  const [last] = regular.slice(-1)
  const byPhase = regular.slice(0, -1).map(({ end, sql }) => `WHEN ${time} < ${end} THEN ${sql}`)
  const odd = oddHours(clock, spans).map(
    (hour) => `WHEN ${time} >= ${hour.start} AND ${time} < ${hour.until} THEN ${hour.start}`
  )
  const cases = [...odd, ...byPhase]
  const usual = last?.sql ?? floorTo(time, hourMs)
  return cases.length === 0 ? usual : `(CASE ${cases.join(' ')} ELSE ${usual} END)`
}

function floored(time: string, phaseMs: number): string {
  return phaseMs === 0 ? floorTo(time, hourMs) : `(${floorTo(`(${time} + ${phaseMs})`, hourMs)} - ${phaseMs})`
}

/** What a clock shows past the full hour when UTC shows one, as long as that stays so. */
function phases(spans: ReturnType<ClockHours['spans']>): { phaseMs: number; until: number }[] {
  const found: { phaseMs: number; until: number }[] = []
  for (const { aheadMs, until } of spans) {
    const phaseMs = ((aheadMs % hourMs) + hourMs) % hourMs
    const last = found.at(-1)
    if (last?.phaseMs === phaseMs) last.until = until
    else found.push({ phaseMs, until })
  }
  return found
}

/** Hours around jumps that are longer or shorter than others, or begin at a jump. */
function oddHours(clock: ClockHours, spans: ReturnType<ClockHours['spans']>) {
  const around = spans.slice(1).flatMap(({ from }) => [clock.hour(from - 1), clock.hour(from)])
  const odd = around.filter(({ start, until }) => until - start !== hourMs)
  return odd.filter(({ start }, i) => odd.findIndex((one) => one.start === start) === i)
}
