/**
 * Alerts: looks for what people should be told, keeps each on disk, and sends it. One a day for each cause and channel, which a key
 * of the registry holds; what a server does not take is tried again for three days; nothing is sent in somebody's quiet hours.
 */
import { randomBytes } from 'node:crypto'
import type { Alert, AlertChannel, AlertSettings } from '../../model/alert.ts'
import { alertChannels } from '../../model/alert.ts'
import { civilTime, dayMs, toIso, type UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import { keepDoing } from '../../recurring.ts'
import { alertBody, noticeBody, testAlert, type AlertContext, type AlertFound } from '../../words/alerts.ts'
import { languageDefault, loadWords } from '../../words/languages.ts'
import { AlertRefused } from './channel.ts'
import { openChannels, type ChannelSettings, type Channels } from './channels.ts'
import { findAlerts, type FindDeps } from './find.ts'
import {
  alertsKeptMs,
  alertsPerRoundMax,
  giveUpMs,
  lookEveryMs,
  retryMsMax,
  retryMsMin,
  sendEveryMs,
  testEveryMs,
  testsPerDayMax
} from './limits.ts'
import { openPush, type PushWay } from './push/push.ts'

export interface AlertDeps extends FindDeps {
  clock: FindDeps['clock'] & { doubt(): object | undefined }
  channels: ChannelSettings
  hubName: string
  /** What links begin with. */
  dashboardUrl(): string
  /** 26 letters that nobody guesses. */
  newToken(): string
  words: AlertContext['words']
  /** Readers take turns with moves of sensors. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export interface Alerts {
  /** Looks for what is new and keeps it; called by itself every ten minutes. */
  look(): Promise<void>
  /** Sends what waits and is due; called by itself every half minute. */
  send(): Promise<void>
  /** A test to the address that the person gave; false where one was sent a moment ago, or there is no address. */
  test(personId: string): boolean
  /** Which ways there are at this hub; for web push the key that browsers are given. */
  offers(): { mail: boolean; ntfyUrl: string | null; pushKey: string | null }
  /** From now on alerts go to this browser too; undefined where none can. */
  keepBrowser: PushWay['keep']
  stop(): Promise<void>
}

export async function startAlerts(given: Omit<AlertDeps, 'words'>): Promise<Alerts> {
  const deps: AlertDeps = { ...given, words: await loadWords(languageDefault) }
  const { channels: settings, log, dashboardUrl } = deps
  const stopLabel = deps.words.alerts.stopShort
  const push = settings.push ? openPush(deps, settings.push, stopLabel) : undefined
  const channels = openChannels(settings, hostOf(dashboardUrl()), stopLabel, push)
  const rounds = {
    look: () => lookAtAll(deps, channels),
    send: (stopping: AbortSignal) => sendDue(deps, channels, stopping)
  }
  const failed =
    (what: string) =>
    (cause: unknown): void =>
      log.warn({ cause: String(cause) }, `${what}; trying again.`)
  const looking = keepDoing({
    work: rounds.look,
    firstAfterMs: lookEveryMs,
    untilNextMs: () => lookEveryMs,
    failed: failed('What residents should be told could not be looked for')
  })
  const sending = keepDoing({
    work: rounds.send,
    untilNextMs: () => sendEveryMs,
    failed: failed('Alerts could not be sent')
  })
  return {
    look: looking.settle,
    send: sending.settle,
    test(personId) {
      const isQueued = queueTest(deps, channels, personId)
      if (isQueued) void sending.settle()
      return isQueued
    },
    offers: () => ({
      mail: settings.mail !== null,
      ntfyUrl: settings.ntfyUrl,
      pushKey: push?.publicKey ?? null
    }),
    keepBrowser: (personId, subscription) => push?.keep(personId, subscription),
    async stop() {
      await Promise.all([looking.stop(), sending.stop()])
    }
  }
}

/** Settings, tests and stops for the web. */
export function ownAlerts(
  registry: Pick<
    Registry,
    'alertSettings' | 'setAlertSettings' | 'stopAlerts' | 'pushBrowsers' | 'removePushBrowser'
  >,
  alerts: Pick<Alerts, 'offers' | 'test' | 'keepBrowser'>
) {
  return {
    settings: (personId: string): AlertSettings => registry.alertSettings(personId),
    choose: (personId: string, settings: AlertSettings): void =>
      registry.setAlertSettings(personId, settings),
    offers: () => alerts.offers(),
    test: (personId: string): boolean => alerts.test(personId),
    stop: (token: string) => registry.stopAlerts(token),
    browsers: (personId: string) => registry.pushBrowsers(personId),
    keepBrowser: alerts.keepBrowser,
    removeBrowser: (personId: string, browserId: string) => registry.removePushBrowser(personId, browserId)
  }
}

/** 26 letters of base32 are 130 bits: nothing to guess. */
export function newStopToken(): string {
  return [...randomBytes(26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('')
}

async function lookAtAll(deps: AlertDeps, channels: Channels): Promise<void> {
  const { registry, clock } = deps
  // By a clock that is in doubt a sensor is silent for years, or a date has passed.
  if (clock.doubt()) return
  const { words } = deps
  for (const { personId, settings } of registry.alertedPersons()) {
    const now = clock.now()
    if (isQuiet(settings, now, deps.timezone)) continue
    const context = { words, zone: deps.timezone, now }
    const found = await deps.inTurn(() => findAlerts(deps, personId, settings, context))
    for (const one of found) queue(deps, channels, personId, settings, context, one)
  }
  registry.forgetAlerts((clock.now() - alertsKeptMs) as UnixMs)
}

function queueTest(deps: AlertDeps, channels: Channels, personId: string): boolean {
  const { registry, clock, timezone, words } = deps
  const now = clock.now()
  if (registry.alertsSince(personId, 'test', (now - dayMs) as UnixMs) >= testsPerDayMax) return false
  // Two within five minutes are one.
  const day = toIso((Math.floor(now / testEveryMs) * testEveryMs) as UnixMs)
  const context = { words, zone: timezone, now }
  return queue(deps, channels, personId, registry.alertSettings(personId), context, testAlert(context, day))
}

/** On disk, once for each channel that the person uses and the hub has. */
function queue(
  { registry, clock, hubName, dashboardUrl, newToken }: AlertDeps,
  channels: Channels,
  personId: string,
  settings: AlertSettings,
  context: AlertContext,
  found: AlertFound
): boolean {
  const person = registry.person(personId)?.name ?? ''
  const ways = alertChannels
    .filter((channel) => channels[channel])
    .flatMap((channel) =>
      addressesOf(registry, personId, settings, channel).map((address) => ({ channel, address }))
    )
  const queued = ways.map(({ channel, address }) => {
    const stopToken = newToken()
    const frame = {
      hub: hubName,
      person,
      stopUrl: `${dashboardUrl()}/home/stop/${stopToken}`,
      settingsUrl: `${dashboardUrl()}/home#alerts`
    }
    const body = channel === 'push' ? noticeBody(found, frame) : alertBody(context, found, frame)
    const { cause, day, subject } = found
    return registry.queueAlert(
      { personId, cause, channel, day, address, subject, body, stopToken },
      clock.now()
    )
  })
  return queued.includes(true)
}

function addressesOf(
  registry: Pick<Registry, 'pushBrowsers'>,
  personId: string,
  { mail, ntfyTopic }: AlertSettings,
  channel: AlertChannel
): string[] {
  if (channel === 'push') return registry.pushBrowsers(personId).map(({ browserId }) => browserId)
  return [channel === 'mail' ? mail : ntfyTopic].filter((address) => address !== '')
}

/** Servers beside each other: a mail server that hangs keeps no phone silent. */
async function sendDue(deps: AlertDeps, channels: Channels, stopping: AbortSignal): Promise<void> {
  const due = deps.registry.dueAlerts(deps.clock.now(), alertsPerRoundMax)
  const ofServers = Map.groupBy(due, (alert) => serverOf(deps.registry, alert)).values()
  await Promise.all(
    ofServers.map(async (alerts) => {
      for (const alert of alerts) if ((await sendOne(deps, channels, alert, stopping)) === 'away') return
    })
  )
}

/** The hub has one of each kind, but each maker of browsers has a push service of its own. */
function serverOf(registry: Pick<Registry, 'pushBrowser'>, { channel, address }: Alert): string {
  const endpoint = channel === 'push' ? registry.pushBrowser(address)?.endpoint : undefined
  return endpoint === undefined ? channel : new URL(endpoint).origin
}

/** 'away': the server did not answer, and would not for the others of this round either. */
async function sendOne(
  { registry, clock, timezone, log }: AlertDeps,
  channels: Channels,
  alert: Alert,
  stopping: AbortSignal
): Promise<'done' | 'away'> {
  const { alertId, personId, channel, cause } = alert
  const now = clock.now()
  const settings = registry.alertSettings(personId)
  if (cause !== 'test' && isQuiet(settings, now, timezone)) {
    // Others whose time it is must not wait behind it.
    registry.delayAlert(alertId, (now + lookEveryMs) as UnixMs)
    return 'done'
  }
  const isWanted = cause === 'test' || settings.causes.some((one) => one === cause)
  // Stopped, or another address: what waits for the old one is not sent any more.
  if (!isWanted || !addressesOf(registry, personId, settings, channel).includes(alert.address)) {
    registry.endAlert(alertId, 'stopped', now)
    return 'done'
  }
  try {
    await channels[channel]?.send(alert, stopping)
    registry.endAlert(alertId, '', clock.now())
    return 'done'
  } catch (cause) {
    // The next start tries at once.
    if (stopping.aborted) return 'away'
    const why = cause instanceof Error ? cause.message : String(cause)
    if (cause instanceof AlertRefused || now - alert.createdAt >= giveUpMs) {
      registry.endAlert(alertId, why, clock.now())
      log.warn({ alertId, channel, why }, 'An alert could not be sent and was given up.')
      return 'done'
    }
    const waitMs = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(alert.attempts, 10))
    registry.delayAlert(alertId, (clock.now() + waitMs) as UnixMs)
    log.info({ alertId, channel, why }, 'An alert could not be sent; it is tried again.')
    return 'away'
  }
}

/** Quiet hours may go over midnight; equal ends are none. */
export function isQuiet({ quietFromMin, quietUntilMin }: AlertSettings, now: UnixMs, zone: string): boolean {
  const { hour, minute } = civilTime(now, zone)
  const at = hour * 60 + minute
  if (quietFromMin === quietUntilMin) return false
  return quietFromMin < quietUntilMin
    ? at >= quietFromMin && at < quietUntilMin
    : at >= quietFromMin || at < quietUntilMin
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname || 'lamppost.local'
}
