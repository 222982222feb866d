/** What a home can agree to, in which words, and how that is recorded. */
import type { UnixMs } from './time.ts'

/** With the effect that people are told of. */
export const consentPurposes = {
  street: 'the indoor figures of its street',
  page: 'a public page in its own name',
  research: 'raw readings for researchers, without names'
} as const

export type ConsentPurpose = keyof typeof consentPurposes

export const consentPurposeNames = Object.keys(consentPurposes) as ConsentPurpose[]

export function isConsentPurpose(name: string): name is ConsentPurpose {
  return Object.hasOwn(consentPurposes, name)
}

/** A home and its person agreed to one purpose, from inclusive, until exclusive; null while it holds. */
export interface Consent {
  consentId: number
  homeId: string
  personId: string
  purpose: ConsentPurpose
  /** Key of `consentWordings`: what they were shown. */
  wording: string
  /** Never before `recordedAt`, but for the story of a demo. */
  from: UnixMs
  until: UnixMs | null
  recordedAt: UnixMs
  /** Who said so, as `--by` gave it. */
  by: string
  /** Who ended it; null while it holds. */
  endedBy: string | null
}

/** Consents from before they were records: see taken-over.ts. */
export const unknownWording = 'taken-over'

/**
 * Every wording that somebody agreed to, by name. A wording that was released is never changed, since records refer to it:
 * other words are a new entry.
 */
export const consentWordings: Readonly<Record<string, string>> = {
  // Today's yes and no of homes before consents were records.
  [unknownWording]: 'Taken over from an earlier version of the hub; what the home was told is not known.',
  'street-1':
    'My home may count into the indoor figures of its street. A day gets one figure, a day or more after it ended, if at ' +
    'least five homes agreed: the mean of their middle three fifths, in whole units. From ten homes up its hours get one ' +
    'too. Nobody is told which homes count. A figure that is out stays as it is. I can end this at any time: from then on ' +
    'my home is in no figure that comes out.',
  'page-1':
    'There may be a public page of my home in the name that I choose. Everybody will see this. I can end this at any time.',
  'research-1':
    'Researchers whom the steward admits may download the single readings of my home, without names, as measured from now ' +
    'on. I can end this at any time: later downloads then leave my home out; files that were downloaded before stay with ' +
    'those who have them.'
}

/** The wording that a new record refers to. */
export const currentWording: Readonly<Record<ConsentPurpose, string>> = {
  street: 'street-1',
  page: 'page-1',
  research: 'research-1'
}

/** Whether records of one home and purpose stand from `from` until `until` without a gap. */
export function heldThroughout(
  records: readonly Pick<Consent, 'from' | 'until'>[],
  from: UnixMs,
  until: UnixMs
): boolean {
  // Of one to other words the next record takes the place where the one before ends.
  const next = records.find((one) => one.from <= from && (one.until === null || one.until > from))
  if (!next) return false
  return next.until === null || next.until >= until || heldThroughout(records, next.until, until)
}

/** Now. What was taken back holds no more, also where the clock showed a later time then than it does now. */
export function holdsAt({ from, until }: Pick<Consent, 'from' | 'until'>, now: UnixMs): boolean {
  return from <= now && until === null
}
