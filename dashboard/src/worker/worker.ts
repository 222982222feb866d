/**
 * The service worker: the public pages open without a network, with the figures that the browser kept. The hub always goes
 * first; only when it does not answer is the copy used. It also shows what the hub tells this browser (web push). On plain http
 * browsers have no worker, and the pages work without it.
 */

import { copiesMax, pageWaitMs } from './limits.ts'

/** What a worker is given, as far as it is used here; TypeScript's own types of workers exclude those of pages. */
interface WorkerScope {
  addEventListener(name: 'install' | 'activate', listen: (event: Lasting) => void): void
  addEventListener(name: 'fetch', listen: (event: Asked) => void): void
  addEventListener(name: 'push', listen: (event: Pushed) => void): void
  addEventListener(name: 'notificationclick', listen: (event: Clicked) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void>; openWindow(url: string): Promise<unknown> }
  registration: ServiceWorkerRegistration
}
interface Lasting {
  waitUntil(done: Promise<unknown>): void
}
interface Asked extends Lasting {
  request: Request
  respondWith(response: Promise<Response>): void
}
interface Pushed extends Lasting {
  data: { json(): unknown } | null
}
interface Clicked extends Lasting {
  action: string
  notification: Notification
}

/** As the hub writes it (hub/alerts/push/push.ts). */
interface Told {
  title: string
  body: string
  tag: string
  /** Of the link that stops its kind, and what stands on its button; a test has none. */
  stop?: string
  stopLabel?: string
}

const scope = globalThis as unknown as WorkerScope
const copies = 'lamppost-1'

/** One's own pages are nobody else's, and this browser may be shared. */
const publicPage = /^\/(streets\/[^/]+|sites\/[^/]+|compare|methods|data|privacy)?$/

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
scope.addEventListener('fetch', (event) => {
  const { request } = event
  const { pathname, origin } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/assets/')) return event.respondWith(file(request))
  if (request.mode === 'navigate' && publicPage.test(pathname)) event.respondWith(page(request, pathname))
})

scope.addEventListener('push', (event) => event.waitUntil(tell(event.data?.json() as Told)))
scope.addEventListener('notificationclick', (event) => event.waitUntil(clicked(event)))

/** A later one of the same kind takes the place of the earlier. */
function tell({ title, body, tag, stop, stopLabel = '' }: Told): Promise<void> {
  // TypeScript's own type lacks the buttons (Notifications API, 2.4).
  const options: NotificationOptions & { actions: { action: string; title: string }[] } = {
    body,
    tag,
    icon: '/favicon.svg',
    data: stop,
    actions: stop === undefined ? [] : [{ action: 'stop', title: stopLabel }]
  }
  return scope.registration.showNotification(title, options)
}

/** Whoever is shown it on a shared phone is asked before it is stopped: the page of the link does that. */
async function clicked({ action, notification }: Clicked): Promise<void> {
  notification.close()
  const stop = notification.data as string | undefined
  await scope.clients.openWindow(action === 'stop' && stop !== undefined ? `/home/stop/${stop}` : '/home')
}

/** Files under assets/ have their content in their name: a copy is never old. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(copies)
  const copy = await cache.match(request)
  if (copy) return copy
  const response = await fetch(request)
  if (response.ok) await put(cache, request.url, response.clone())
  return response
}

async function page(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(copies)
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(pageWaitMs) })
    if (response.ok) await put(cache, pathname, await withoutFigures(response.clone()))
    if (response.status < 500) return response
    return (await copyOf(cache, pathname)) ?? response
  } catch (error) {
    const copy = await copyOf(cache, pathname)
    if (copy) return copy
    throw error
  }
}

/** The page alone: the sentences and figures that the hub put into it would be old, and nothing in it would say so. */
async function withoutFigures(response: Response): Promise<Response> {
  const html = await response.text()
  const empty = html
    .replace(/<div id="served">[\s\S]*<div id="app" hidden>/, '<div id="app">')
    .replace(/<script type="application\/json" id="first">[\s\S]*?<\/script>/, '')
  return new Response(empty, { headers: response.headers })
}

/** Every page is the same program: one that was never opened here starts from another's copy. */
async function copyOf(cache: Cache, pathname: string): Promise<Response | undefined> {
  return (await cache.match(pathname)) ?? (await cache.match('/'))
}

async function put(cache: Cache, key: string, response: Response): Promise<void> {
  await cache.put(key, response)
  const kept = await cache.keys()
  for (const old of kept.slice(0, Math.max(0, kept.length - copiesMax))) await cache.delete(old)
}
