/**
 * The last answers in this browser's own storage, so that without a network there is something to show, with its age. Public
 * figures only. It works on plain http too, where a service worker is not to be had.
 */
import { keptCharactersMax, keptStreetsMax } from '../limits.ts'

export interface Kept<T> {
  /** The hub's time at which it was the newest. */
  at: number
  body: T
}

const prefix = 'lamppost-kept '

export function keep(path: string, body: unknown, at: number): void {
  const text = JSON.stringify({ at, body })
  if (text.length > keptCharactersMax) return
  try {
    forgetOldest(path)
    localStorage.setItem(prefix + path, text)
  } catch {
    // A browser that keeps nothing, or is full, shows nothing while the hub is away.
  }
}

/** What was kept under that path and has the right form. */
export function kept<T>(path: string, isWhole: (body: unknown) => body is T): Kept<T> | undefined {
  const found = read(prefix + path)
  return found && isWhole(found.body) ? { at: found.at, body: found.body } : undefined
}

/** Streets come and go with what somebody looks at; the list and the hub's facts stay. */
function forgetOldest(path: string): void {
  const streets = Object.keys(localStorage)
    .filter((name) => name.startsWith(`${prefix}streets/`) && name !== prefix + path)
    .map((name) => ({ name, at: read(name)?.at ?? 0 }))
    .toSorted((a, b) => b.at - a.at)
  for (const { name } of streets.slice(keptStreetsMax - 1)) localStorage.removeItem(name)
}

function read(name: string): Kept<unknown> | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    return isKept(found) ? found : undefined
  } catch {
    return undefined // Nothing may be read here, or somebody else wrote it: as if nothing had been kept.
  }
}

function isKept(found: unknown): found is Kept<unknown> {
  return (
    typeof found === 'object' &&
    found !== null &&
    'body' in found &&
    'at' in found &&
    typeof found.at === 'number'
  )
}
