/** Messages that this browser shows while its page is closed: web push (W3C Push API), agreed to by its owner. */
import type { ListedBrowser } from '../../../contract/alerts.ts'
import { words } from '../words.ts'
import { HubProblem, sendJson, whole } from './http.ts'

/** Why this browser can show none; undefined where it can. A page on plain http has no service worker. */
export function whyNoPush(): 'notHere' | 'noPush' | undefined {
  if (!isSecureContext) return 'notHere'
  return 'serviceWorker' in navigator && 'PushManager' in globalThis ? undefined : 'noPush'
}

/** Of this browser; undefined while it shows no messages of this hub. */
export async function pushEndpoint(): Promise<string | undefined> {
  const registration = await navigator.serviceWorker.getRegistration('/')
  return (await registration?.pushManager.getSubscription())?.endpoint
}

/** Asks this browser's owner, then tells the hub where it takes messages. */
export async function startPush(pushKey: string): Promise<ListedBrowser> {
  const say = words.alerts.page.browser
  if ((await Notification.requestPermission()) !== 'granted') throw new HubProblem(say.blocked, { status: 0 })
  // In a private window there may be none, and `ready` would wait for it for ever.
  if (!(await navigator.serviceWorker.getRegistration('/'))) throw new HubProblem(say.noPush, { status: 0 })
  const { pushManager } = await navigator.serviceWorker.ready
  // A key of before, as from a hub that was set up anew, is good for nothing: a browser takes no second beside it.
  const former = await pushManager.getSubscription()
  if (former && keyOf(former) !== pushKey) await former.unsubscribe()
  const subscribing = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey })
  const subscription = await subscribing.catch((cause: unknown) => {
    throw new HubProblem(say.away, { status: 0, cause })
  })
  const { endpoint, keys } = subscription.toJSON()
  const kept = await sendJson('POST', '/api/v1/me/alerts/browsers', { endpoint, keys })
  return whole<ListedBrowser>(kept, 'browserId', 'endpoint')
}

/** The hub forgets the browser; this one then also forgets the hub. */
export async function stopPush({ browserId, endpoint }: ListedBrowser): Promise<void> {
  await sendJson('DELETE', `/api/v1/me/alerts/browsers/${encodeURIComponent(browserId)}`)
  const registration = await navigator.serviceWorker?.getRegistration('/')
  const subscription = await registration?.pushManager.getSubscription()
  if (subscription?.endpoint === endpoint) await subscription.unsubscribe()
}

function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer())
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
