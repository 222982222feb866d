/** Numbers as people read them in a terminal: one line a period, and why a number is missing. */
import type { CorrectedNote } from '../../figures/corrections.ts'
import type { Colocation } from '../../contract/colocation.ts'
import type { SiteIndex } from '../../contract/air-index.ts'
import type { SiteSummary, StreetNumbers } from '../../contract/summary.ts'
import type { RoomDamp } from '../../contract/damp.ts'
import type { SiteExceedances } from '../../contract/exceedances.ts'
import type { BeforeAfter, Profile, Trend } from '../../contract/trend.ts'
import { counted } from '../../model/counted.ts'

const indicative = 'Indicative: these are not reference instruments.'

export function summaryText(found: SiteSummary | StreetNumbers): string {
  if (found.periods.length === 0) return `There are no readings of ${found.quantity} there.`
  const lines = found.periods.map((period) => {
    const out = period.leftOut.count > 0 ? `, ${period.leftOut.count} left out` : ''
    const head = `${period.from} to ${period.until}  ${counted(period.count, 'reading')}${out}  ${percent(period.coverage)}`
    if (period.mean === null && period.max === null) return `${head}  ${period.reason ?? ''}`
    const percentiles = Object.entries(period.percentiles).map(([p, value]) => `P${p} ${number(value)}`)
    const { noise } = period
    const sound = noise
      ? [
          `Lday ${number(noise.lday)}`,
          `Levening ${number(noise.levening)}`,
          `Lnight ${number(noise.lnight)}`,
          `${noise.label} ${number(noise.lden)}`,
          `L10 ${number(noise.l10)}`,
          `L50 ${number(noise.l50)}`,
          `L90 ${number(noise.l90)}`
        ]
      : []
    const range = `mean ${number(period.mean)} ${found.unit}, ${number(period.min)} to ${number(period.max)}`
    return [head, range, ...percentiles, ...sound].join('  ')
  })
  return [`${found.quantity} in ${found.unit}, days of ${found.timezone}`, ...lines, indicative].join('\n')
}

export function indexText(found: SiteIndex): string {
  const lines = found.pollutants.map(
    ({ quantity, index, word, concentration, unit, averaging, hours, reason }) =>
      index === null
        ? `${quantity}: none. ${reason ?? ''}`
        : `${quantity}: ${index} ${word}  ${number(concentration)} ${unit}, ${averaging}, ${counted(hours, 'hour')}`
  )
  const head = found.index === null ? found.reason : `${found.index} ${found.word} (${found.worst})`
  const note = found.index !== null && found.note !== null ? [found.note] : []
  return [`${found.title} at ${found.at}: ${head}`, ...lines, ...note, indicative].join('\n')
}

export function exceedancesText(found: SiteExceedances): string {
  if (found.comparisons.length === 0) return found.reason ?? ''
  return found.comparisons.map(({ year, limit, sentence }) => `${year}  ${limit.id}: ${sentence}`).join('\n')
}

export function colocationText(found: Colocation): string {
  const head = `${found.site} beside ${found.reference}, ${found.quantity}, ${counted(found.n, found.window)} of ${found.expected}`
  if (found.reason) return `${head}: ${found.reason}`
  const line = `slope ${number(found.slope)}  intercept ${number(found.intercept)} ${found.unit}  R² ${number(found.r2)}`
  const errors = `RMSE ${number(found.rmse)}  NRMSE ${number(found.nrmsePercent)} %  MAE ${number(found.mae)}  bias ${number(found.mbe)}`
  const targets = found.targets
    ? 'EPA targets: ' +
      Object.entries(found.targets)
        .map(([name, met]) => `${name} ${met ? 'met' : 'missed'}`)
        .join(', ')
    : (found.targetsReason ?? '')
  return [head, line, errors, targets, indicative].join('\n')
}

const weekdays = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function profileText(found: Profile): string {
  const lines = found.points.map(({ hour, weekday, month, mean, interval, days }) => {
    const where = [
      weekday === null ? '' : weekdays[weekday],
      hour === null ? '' : `${String(hour).padStart(2, '0')}:00`,
      month === null ? '' : `month ${month}`
    ].join(' ')
    const ends = interval ? ` (95 %: ${number(interval[0] ?? null)} to ${number(interval[1] ?? null)})` : ''
    return `${where.trim()}  ${mean === null ? 'too few days' : `${number(mean)} ${found.unit}${ends}`}  ${counted(days, 'day')}`
  })
  const head = `${found.quantity}, ${found.averaging}, ${percent(found.coverage)}`
  return [found.reason ? `${head}: ${found.reason}` : head, ...lines, indicative].join('\n')
}

export function trendText(found: Trend): string {
  return `${found.sentence}\n${counted(found.months, 'month')}, ${counted(found.sites, 'site')} throughout, ${percent(found.coverage)}.`
}

export function beforeAfterText(found: BeforeAfter): string {
  if (found.reason) return found.reason
  const [low, high] = found.interval ?? []
  return [
    found.sentence,
    `Change beside ${found.control}: ${number(found.change)} ${found.unit} (95 %: ${number(low ?? null)} to ${number(high ?? null)}), ` +
      `${counted(found.weeksBefore ?? 0, 'week')} before, ${found.weeksAfter} after, ${percent(found.coverage)}.`,
    `The street alone, weather included: ${number(found.streetChange)} ${found.unit}.`
  ].join('\n')
}

export function dampText(found: RoomDamp): string {
  const { surface, mouldIndex } = found
  const spread = ({ mean, min, max }: RoomDamp['dewPointC'], unit: string): string =>
    `${number(mean)} ${unit} (${number(min)} to ${number(max)})`
  const criteria = (of: 'air' | 'surface'): string =>
    found.criteria[of]
      .map(({ period, highest, limit, met }) =>
        met === null
          ? `${period} unknown`
          : `${period} ${number(highest)} % of ${limit} %${met ? '' : ', above'}`
      )
      .join('; ')
  const corner =
    surface.longestSpellHours === null
      ? 'Coldest corner: unknown.'
      : `Coldest corner (${surface.basis}${surface.factor === null ? '' : `, factor ${surface.factor}`}): ` +
        `${surface.hoursAtRisk} of ${counted(surface.hours, 'hour')} at 80 % or more, ${surface.hoursCondensing} at 100 %, ` +
        `longest spell ${counted(surface.longestSpellHours, 'hour')}${surface.longestSpellFrom ? ` from ${surface.longestSpellFrom}` : ''}.`
  return [
    `${found.site}, ${found.from ?? '?'} to ${found.until ?? '?'}: ${counted(found.hours, 'hour')}, ${percent(found.coverage)}`,
    ...(found.reason ? [found.reason] : []),
    `Temperature ${spread(found.temperatureC, '°C')}  humidity ${spread(found.humidity, '%')}`,
    `Dew point ${spread(found.dewPointC, '°C')}  water in the air ${spread(found.absoluteHumidityGm3, 'g/m³')}`,
    corner,
    mouldIndex
      ? `Mould index by material: ${number(mouldIndex.lowest)} to ${number(mouldIndex.highest)} of 6 at the end, ${number(mouldIndex.peak)} at most (VTT model).`
      : 'Mould index: not enough hours to say.',
    `Highest moving means, air: ${criteria('air')}. Surface: ${criteria('surface')}.`,
    ...(found.airing ? [found.airing] : []),
    ...found.notes,
    indicative
  ].join('\n')
}

function number(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 100) / 100)
}

function percent(coverage: number | null): string {
  return coverage === null ? 'coverage unknown' : `coverage ${Math.floor(coverage * 100)} %`
}

/** PeriodLength which corrections numbers were made; '' for raw ones. */
export function correctedText({ corrections, recomputing }: CorrectedNote): string {
  if (!corrections) return ''
  const made = corrections.map(
    ({ id, version, title, from, until }) =>
      `${id} v${version} (${title}${from ? `, from ${from}` : ''}${until ? `, until ${until}` : ''})`
  )
  const by =
    made.length > 0
      ? `Corrected by ${made.join('; ')}.`
      : 'No correction applies there, so there are no corrected values.'
  return recomputing ? `${by} A correction has changed: some hours are still being recalculated.` : by
}
