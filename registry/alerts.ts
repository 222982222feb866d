/** Alerts on disk: one a day for each cause and channel, which a unique key holds, and what each person wants to be told. */
import type { DatabaseSync } from 'node:sqlite'
import {
  alertChoices,
  alertSettingsDefault,
  type Alert,
  type AlertCause,
  type AlertChannel,
  type AlertSettings
} from '../model/alert.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import type { Alerts, NewAlert } from './promise/alerts.ts'
import type { Row } from './rows.ts'
import { hashOf } from './secret.ts'

type PushMethods = Extract<keyof Alerts, `${string}ush${string}`>

export class AlertBook implements Omit<Alerts, PushMethods> {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
  }

  alertSettings(personId: string): AlertSettings {
    const row = asking('reading alert settings', () =>
      this.#db.prepare('SELECT settings FROM alertSettings WHERE personId = ?').get(personId)
    )
    return row ? settingsOf(row) : alertSettingsDefault
  }

  setAlertSettings(personId: string, settings: AlertSettings): void {
    inTransaction(this.#db, 'keeping alert settings', () =>
      this.#db
        .prepare(
          'INSERT INTO alertSettings VALUES (?, ?) ON CONFLICT (personId) DO UPDATE SET settings = excluded.settings'
        )
        .run(personId, JSON.stringify(settings))
    )
  }

  alertedPersons(): { personId: string; settings: AlertSettings }[] {
    return asking('reading alert settings', () =>
      this.#db
        .prepare(
          `SELECT personId, settings, EXISTS (SELECT 1 FROM pushBrowsers AS b WHERE b.personId = p.personId) AS hasBrowser
           FROM persons AS p LEFT JOIN alertSettings USING (personId) ORDER BY personId`
        )
        .all()
    )
      .map((row) => ({
        personId: String(row.personId),
        settings: row.settings === null ? alertSettingsDefault : settingsOf(row),
        hasBrowser: row.hasBrowser === 1
      }))
      .filter(({ settings, hasBrowser }) => settings.mail !== '' || settings.ntfyTopic !== '' || hasBrowser)
      .map(({ personId, settings }) => ({ personId, settings }))
  }

  queueAlert({ stopToken, ...alert }: NewAlert, now: UnixMs): boolean {
    const alertId = newId('a', this.#random, (id) => this.#has(id))
    const { changes } = inTransaction(this.#db, 'keeping an alert', () =>
      this.#db
        .prepare(
          `INSERT INTO alerts (alertId, personId, cause, channel, day, address, subject, body, stopHash, createdAt, attempts, nextAt, endedAt, fault)
           VALUES (:alertId, :personId, :cause, :channel, :day, :address, :subject, :body, :stopHash, :now, 0, :now, NULL, '')
           ON CONFLICT DO NOTHING`
        )
        .run({ ...alert, channel: channelText(alert), alertId, stopHash: hashOf(stopToken), now })
    )
    return changes > 0
  }

  dueAlerts(now: UnixMs, most: number): Alert[] {
    return asking('reading alerts', () =>
      this.#db
        .prepare(
          'SELECT * FROM alerts WHERE endedAt IS NULL AND nextAt <= ? ORDER BY createdAt, alertId LIMIT ?'
        )
        .all(now, most)
    ).map(alertOf)
  }

  endAlert(alertId: string, fault: string, now: UnixMs): void {
    // What it said is nobody's business any more; that it was sent is what keeps it from being sent twice.
    inTransaction(this.#db, 'ending an alert', () =>
      this.#db
        .prepare(
          "UPDATE alerts SET endedAt = ?, fault = ?, body = '', subject = '', address = '' WHERE alertId = ?"
        )
        .run(now, fault, alertId)
    )
  }

  delayAlert(alertId: string, nextAt: UnixMs): void {
    inTransaction(this.#db, 'delaying an alert', () =>
      this.#db
        .prepare('UPDATE alerts SET attempts = attempts + 1, nextAt = ? WHERE alertId = ?')
        .run(nextAt, alertId)
    )
  }

  stopAlerts(token: string): ReturnType<Alerts['stopAlerts']> {
    const row = asking('reading alerts', () =>
      this.#db.prepare('SELECT personId, cause FROM alerts WHERE stopHash = ?').get(hashOf(token))
    )
    const choice = alertChoices.find((one) => one === row?.cause)
    if (!row || !choice) return undefined
    const personId = String(row.personId)
    const settings = this.alertSettings(personId)
    this.setAlertSettings(personId, {
      ...settings,
      causes: settings.causes.filter((one) => one !== choice)
    })
    return { personId, choice }
  }

  lastAlertDay(personId: string, cause: AlertCause): string | undefined {
    const row = asking('reading alerts', () =>
      this.#db
        .prepare('SELECT max(day) AS day FROM alerts WHERE personId = ? AND cause = ?')
        .get(personId, cause)
    )
    return typeof row?.day === 'string' ? row.day : undefined
  }

  alertsSince(personId: string, cause: AlertCause, since: UnixMs): number {
    const row = asking('reading alerts', () =>
      this.#db
        .prepare('SELECT count(*) AS n FROM alerts WHERE personId = ? AND cause = ? AND createdAt >= ?')
        .get(personId, cause, since)
    )
    return Number(row?.n)
  }

  forgetAlerts(before: UnixMs): void {
    inTransaction(this.#db, 'forgetting alerts', () =>
      this.#db.prepare('DELETE FROM alerts WHERE endedAt < ?').run(before)
    )
  }

  setReportRules(personId: string, entryId: string, rules: string | null): void {
    inTransaction(this.#db, 'keeping the rules of a report', () => {
      this.#db.prepare('DELETE FROM reportRules WHERE entryId = ? AND personId = ?').run(entryId, personId)
      if (rules !== null)
        this.#db.prepare('INSERT INTO reportRules VALUES (?, ?, ?)').run(entryId, personId, rules)
    })
  }

  reportRules(personId: string): Map<string, string> {
    const rows = asking('reading the rules of reports', () =>
      this.#db.prepare('SELECT entryId, rules FROM reportRules WHERE personId = ?').all(personId)
    )
    return new Map(rows.map((row) => [String(row.entryId), String(row.rules)]))
  }

  #has(alertId: string): boolean {
    return this.#db.prepare('SELECT 1 FROM alerts WHERE alertId = ?').get(alertId) !== undefined
  }
}

/** What a later version added has its default. */
function settingsOf(row: Row): AlertSettings {
  return { ...alertSettingsDefault, ...(JSON.parse(String(row.settings)) as Partial<AlertSettings>) }
}

/** What is told once a day: an address may change, a browser is another way. */
function channelText({ channel, address }: Pick<Alert, 'channel' | 'address'>): string {
  return channel === 'push' ? `${channel} ${address}` : channel
}

function alertOf(row: Row): Alert {
  return {
    alertId: String(row.alertId),
    personId: String(row.personId),
    // Written by `queueAlert`, from these types.
    cause: String(row.cause) as AlertCause,
    channel: String(row.channel).split(' ')[0] as AlertChannel,
    day: String(row.day),
    address: String(row.address),
    subject: String(row.subject),
    body: String(row.body),
    createdAt: Number(row.createdAt) as UnixMs,
    attempts: Number(row.attempts)
  }
}
