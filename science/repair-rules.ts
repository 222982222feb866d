/**
 * Dated rules by which a landlord must act on reported damp, as data: source, date of check, and what of it nobody here has
 * read in the instrument itself. Where a country or a tenancy has none here, nothing is said of law. No legal advice.
 */
import type { CivilDate } from './awaab.ts'
import { awaabClocks } from './awaab.ts'

export interface RepairRules {
  id: RepairRulesId
  /** Where and for whom they hold. */
  country: string
  tenancy: string
  name: string
  source: string
  url: string
  /** Day on which the data was last compared with the sources that `unchecked` names. */
  checkedOn: CivilDate
  /** Reports before it are not under these rules. */
  inForceFrom: CivilDate
  /** Where the source was not read to the end: said wherever a date is shown. */
  unchecked: string
  /** Who gives advice and whom to turn to; never this project. */
  advice: readonly string[]
}

export const repairRulesIds = ['england-social'] as const
export type RepairRulesId = (typeof repairRulesIds)[number]

export function isRepairRulesId(text: string): text is RepairRulesId {
  return repairRulesIds.some((id) => id === text)
}

export const repairRules: Record<RepairRulesId, RepairRules> = {
  'england-social': {
    id: 'england-social',
    country: 'England',
    tenancy: 'homes rented from a council or a housing association',
    name: 'Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025, called Awaab’s Law',
    source: 'SI 2025/1042, regulations 6, 9, 11 and 13',
    url: 'https://www.legislation.gov.uk/uksi/2025/1042',
    checkedOn: '2026-11-30',
    inForceFrom: '2025-10-27',
    unchecked:
      'The time limits agree in five or more secondary sources. That they are counted from the day after, and that the twelve weeks run from the end of the investigation (regulation 13), is from one of them; the instrument itself was not read.',
    advice: [
      'the housing officer or environmental health team of your council',
      'Shelter England (0808 800 4444) or Citizens Advice (0800 144 8848)',
      'the Housing Ombudsman Service, after the landlord’s own complaints procedure',
      'a housing solicitor or law centre'
    ]
  }
}

/**
 * Bank holidays of England and Wales, from https://www.gov.uk/bank-holidays.json. Beyond the last year nothing is known,
 * so no date is told that reaches past it.
 */
export const englandHolidays: readonly CivilDate[] = [
  ...['2025-12-25', '2025-12-26'],
  ...[
    '2026-01-01',
    '2026-04-03',
    '2026-04-06',
    '2026-05-04',
    '2026-05-25',
    '2026-08-31',
    '2026-12-25',
    '2026-12-28'
  ],
  ...[
    '2027-01-01',
    '2027-03-26',
    '2027-03-29',
    '2027-05-03',
    '2027-05-31',
    '2027-08-30',
    '2027-12-27',
    '2027-12-28'
  ]
]
export const holidaysKnownUntil: CivilDate = '2027-12-31'

/** Each of the rule's times, in the order in which they end. */
export const deadlineNames = ['emergency', 'investigate', 'summary', 'makeSafe', 'furtherWorks'] as const
export type DeadlineName = (typeof deadlineNames)[number]

export interface Deadline {
  name: DeadlineName
  /** Last day of the time; null where it cannot be told. */
  by: CivilDate | null
  /** The investigation has not ended as far as anybody noted: its last day is assumed to be the last one allowed. */
  isAssumed: boolean
}

export interface ReportedDates {
  /** The day on which the landlord was told. */
  reported: CivilDate
  /** The day on which the investigation ended, where somebody noted it. */
  investigated: CivilDate | null
}

/** The dates by which the landlord must have acted; empty where no rules hold for the report. */
export function deadlinesOf(
  rules: RepairRules | null,
  { reported, investigated }: ReportedDates
): Deadline[] {
  if (!rules || reported < rules.inForceFrom) return []
  const holidays = englandHolidays
  const latest = awaabClocks(reported, investigated ?? reported, holidays)
  const ended = investigated ?? latest.investigateBy
  const clocks = awaabClocks(reported, ended, holidays)
  const isAssumed = investigated === null
  const dates: Record<DeadlineName, CivilDate> = {
    emergency: nextDay(reported),
    investigate: clocks.investigateBy,
    summary: clocks.summaryBy,
    makeSafe: clocks.makeSafeBy,
    furtherWorks: clocks.furtherWorksBackstop
  }
  return deadlineNames.map((name) => ({
    name,
    by: dates[name] <= holidaysKnownUntil ? dates[name] : null,
    isAssumed: isAssumed && name !== 'emergency' && name !== 'investigate'
  }))
}

/** 24 hours from a report whose hour nobody knows end on the next day. */
function nextDay(date: CivilDate): CivilDate {
  const at = new Date(date)
  at.setUTCDate(at.getUTCDate() + 1)
  return at.toISOString().slice(0, 10)
}
