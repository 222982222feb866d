/** What others may ask of alerts: what people want to be told of, what waits to be sent, and which dated rules a report is under. */
import type { Alert, AlertCause, AlertChoice, AlertSettings, PushBrowser } from '../../model/alert.ts'
import type { UnixMs } from '../../model/time.ts'

export interface NewAlert extends Omit<Alert, 'alertId' | 'attempts' | 'createdAt'> {
  /** Of the link that stops this cause. */
  stopToken: string
}

export interface Alerts {
  /** The default where they never said. */
  alertSettings(personId: string): AlertSettings
  setAlertSettings(personId: string, settings: AlertSettings): void
  /** Everybody who gave an address, or has a browser that alerts go to. */
  alertedPersons(): { personId: string; settings: AlertSettings }[]

  /** False where the person has had one of this cause on this channel that day, sent or not. Waits from `now` on. */
  queueAlert(alert: NewAlert, now: UnixMs): boolean
  /** Those whose time has come, oldest first. */
  dueAlerts(now: UnixMs, most: number): Alert[]
  /** '' where it was sent; else why it never will be. */
  endAlert(alertId: string, fault: string, now: UnixMs): void
  /** It is tried again then. */
  delayAlert(alertId: string, nextAt: UnixMs): void
  /** Whose cause the link stops: it is off from now on. undefined for an unknown token. */
  stopAlerts(token: string): { personId: string; choice: AlertChoice } | undefined
  /** The last day for which there was one of the cause; undefined without any. */
  lastAlertDay(personId: string, cause: AlertCause): string | undefined
  /** How many of the cause were kept for the person since then, on all channels. */
  alertsSince(personId: string, cause: AlertCause, since: UnixMs): number
  /** Forgets alerts that ended before. */
  forgetAlerts(before: UnixMs): void

  /** Oldest first. */
  pushBrowsers(personId: string): PushBrowser[]
  pushBrowser(browserId: string): PushBrowser | undefined
  /** The one of the endpoint, which was perhaps somebody else's before, or with other keys; its id stays for the same person. */
  keepPushBrowser(browser: Omit<PushBrowser, 'browserId' | 'since'>, now: UnixMs): PushBrowser
  /** One that is not there, or somebody else's, is no error. */
  removePushBrowser(personId: string, browserId: string): void
  /** Removes the browser of a session that ended. */
  endPushSession(sessionId: string): void
  /** …or those of an account but of the sessions that still stand. */
  endPushSessions(accountId: string, except: readonly string[]): void
  /** The hub's own private key for web push (P-256, hexadecimal); `made` is kept where there is none yet. */
  pushKey(made: () => string): string

  /** Rules that the hub reminds of; null ends that. */
  setReportRules(personId: string, entryId: string, rules: string | null): void
  /** By entry id. */
  reportRules(personId: string): Map<string, string>
}
