/** The figures that the hub put into its page beside the sentences: the script begins with what the reader already sees. */
import type { HubInfo } from '../../../contract/hub.ts'

interface First {
  hub: HubInfo
  /** A page that shows no figures has only the hub's facts. */
  path?: string
  body?: unknown
}

/** What nobody took yet: the hub's facts under "hub", the rest under its path. */
let left: Map<string, unknown> | undefined

/** Once for each path: later the hub is asked. */
export function takeFirst<T>(path: string, isWhole: (body: unknown) => body is T): T | undefined {
  left ??= read()
  const body = left.get(path)
  if (!isWhole(body)) return undefined
  left.delete(path)
  return body
}

/** What is somebody's own is of no use to whoever signs in after them. */
export function forgetFirst(path: string): void {
  left ??= read()
  left.delete(path)
}

function read(): Map<string, unknown> {
  const text = document.getElementById('first')?.textContent
  // A browser that goes back shows the page as it came then; what stands in it may be days old.
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (!text || navigation?.type === 'back_forward') return new Map()
  const { hub, path, body } = JSON.parse(text) as First
  const first = new Map<string, unknown>([['hub', hub]])
  if (path !== undefined) first.set(path, body)
  return first
}
