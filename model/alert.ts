/** What a person can be told of without looking at a page, where, and when they want quiet. */
import type { UnixMs } from './time.ts'

/** Each with the one thing to do about it, in words/alerts.ts. */
export const alertCauses = [
  'silent',
  'stuck',
  'battery',
  'damp',
  'hands',
  'deadline',
  'digest',
  'test'
] as const
export type AlertCause = (typeof alertCauses)[number]

/** Those that somebody can switch off; a test is asked for each time. */
export const alertChoices = ['silent', 'stuck', 'battery', 'damp', 'hands', 'deadline', 'digest'] as const
export type AlertChoice = (typeof alertChoices)[number]

/** `push` is web push: each browser that its owner chose is an address of its own. */
export const alertChannels = ['mail', 'ntfy', 'push'] as const
export type AlertChannel = (typeof alertChannels)[number]

export interface AlertSettings {
  /** '' where they want no mail. */
  mail: string
  /** A topic of the hub's ntfy server; '' where they want none. */
  ntfyTopic: string
  /** What they want to be told. */
  causes: AlertChoice[]
  /** Minutes of the hub's local day in which nothing is sent; equal where there is no such time. */
  quietFromMin: number
  quietUntilMin: number
  /** Readings may stand in alerts: they then pass the mail or ntfy server, or stand on a locked phone. */
  withReadings: boolean
}

/** Nobody is told anything before they ask for it. */
export const alertSettingsDefault: AlertSettings = {
  mail: '',
  ntfyTopic: '',
  causes: ['silent', 'stuck', 'battery', 'damp', 'hands', 'deadline'],
  quietFromMin: 21 * 60,
  quietUntilMin: 8 * 60,
  withReadings: false
}

/** A browser to which alerts go, and the keys that only it can read them with (W3C Push API, 8.1). */
export interface PushBrowser {
  browserId: string
  personId: string
  /** Where its push service takes messages for it. */
  endpoint: string
  /** Its public key, and a secret that it shares with us: base64url. */
  p256dh: string
  auth: string
  /** What it says of itself. */
  userAgent: string
  /** Who is signed in there: with the end of the session messages end too. */
  accountId: string
  sessionId: string
  since: UnixMs
}

export interface Alert {
  alertId: string
  personId: string
  /** What it is about; one a day for each cause and channel. */
  cause: AlertCause
  channel: AlertChannel
  /** Civil day of the hub; of a test the minute. */
  day: string
  /** An e-mail address, a topic, or the id of a browser. */
  address: string
  subject: string
  body: string
  createdAt: UnixMs
  attempts: number
}
