/** Alerts by web push: to each browser that its owner chose, through the push service of its maker. */
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Alert, PushBrowser } from '../../../model/alert.ts'
import { secondMs, type Clock } from '../../../model/time.ts'
import type { Registry } from '../../../registry/registry.ts'
import { AlertRefused, stopTokenIn, type Channel } from '../channel.ts'
import { pushBrowsersMax, pushKeptMs, pushTextBytes, pushTitleLengthMax, tryMsMax } from '../limits.ts'
import { encryptedMessage, newMessageSecrets, readBrowserKeys } from './message.ts'
import { isPushEndpoint, publicLookup } from './public-hosts.ts'
import { newPrivateKey, openSigner } from './signature.ts'

export interface PushSettings {
  /** Of whoever runs the hub: mailto: or https; '' where nobody said. */
  contact: string
  /** How names of push services are resolved, and whose certificates count; only hosts on the internet unless given. */
  reach?: { lookup: LookupFunction; ca: string }
}

export interface PushDeps {
  registry: Pick<
    Registry,
    'pushBrowsers' | 'pushBrowser' | 'keepPushBrowser' | 'removePushBrowser' | 'pushKey'
  >
  clock: Clock
}

/** A browser as it names itself (W3C Push API, 8.1). */
export type Subscription = Omit<PushBrowser, 'browserId' | 'personId' | 'since'>

export interface PushWay extends Channel {
  publicKey: string
  /** undefined where it is no browser that messages can be sent to. */
  keep(personId: string, subscription: Subscription): PushBrowser | undefined
}

export function openPush(
  { registry, clock }: PushDeps,
  { contact, reach }: PushSettings,
  stopLabel: string
): PushWay {
  const signer = openSigner(registry.pushKey(newPrivateKey), contact)
  return {
    publicKey: signer.publicKey,
    keep(personId, subscription) {
      const { endpoint, p256dh, auth } = subscription
      if (!isPushEndpoint(endpoint) || !readBrowserKeys(p256dh, auth)) return undefined
      const kept = registry.keepPushBrowser({ personId, ...subscription }, clock.now())
      // The oldest makes room: it is a telephone that was sold.
      for (const old of registry.pushBrowsers(personId).slice(0, -pushBrowsersMax))
        registry.removePushBrowser(personId, old.browserId)
      return kept
    },
    async send(alert, stopping) {
      const browser = registry.pushBrowser(alert.address)
      const keys = browser && readBrowserKeys(browser.p256dh, browser.auth)
      if (!keys) throw new AlertRefused('This browser is not known any more.')
      const endpoint = new URL(browser.endpoint)
      const body = encryptedMessage(plainText(alert, stopLabel), pushTextBytes, keys, newMessageSecrets())
      const status = await posted(endpoint, body, {
        authorization: signer.authorization(endpoint, clock.now()),
        signal: AbortSignal.any([stopping, AbortSignal.timeout(tryMsMax)]),
        ...(reach ?? { lookup: publicLookup })
      })
      if (status >= 200 && status < 300) return
      const said = `The push service answered ${status}.`
      // RFC 8030, 7.3: the browser said no, or there is none any more.
      if (status === 404 || status === 410) registry.removePushBrowser(browser.personId, browser.browserId)
      throw forGood.has(status) ? new AlertRefused(said) : new Error(said)
    }
  }
}

/** A message that it cannot take, or a browser that is gone; another answer may change. */
const forGood: ReadonlySet<number> = new Set([400, 404, 410, 413])

/** What the service worker reads. A text that is too long is cut: what to do stands on the page too. */
function plainText({ cause, subject, body }: Alert, stopLabel: string): Buffer {
  const stop = stopTokenIn(body)
  const paragraphs = body.split('\n\n').filter((one) => stopTokenIn(one) === undefined)
  const text = paragraphs.join('\n').trim()
  const title = cut(subject, pushTitleLengthMax)
  const written = (length: number): Buffer =>
    Buffer.from(
      JSON.stringify({ title, body: cut(text, length), tag: cause, ...(stop ? { stop, stopLabel } : {}) })
    )
  let length = text.length
  while (length > 0 && written(length).length > pushTextBytes) length -= Math.ceil(length / 10)
  return written(length)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`
}

interface Sent {
  authorization: string
  signal: AbortSignal
  lookup: LookupFunction
  ca?: string
}

/** Node follows no redirect here. */
function posted(endpoint: URL, body: Buffer, { authorization, ...options }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      'content-length': body.length,
      // A telephone that is off gets it when it is on again, within the time in which we would go on trying.
      ttl: pushKeptMs / secondMs,
      urgency: 'normal'
    }
    const sent = request(endpoint, { method: 'POST', agent: false, headers, ...options })
    sent.once('error', reject)
    sent.once('response', (response) => {
      // What it says is of no interest, however long.
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    sent.end(body)
  })
}
