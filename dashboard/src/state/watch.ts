/** What a page that follows figures is given: what time it is at the hub, and whether the hub is heard. */
import type { Now } from './now.svelte.ts'
import type { Pulse } from './pulse.svelte.ts'
import { keep, kept } from '../fetch/kept.ts'
import type { HubProblem } from '../fetch/http.ts'

export interface Watch {
  now: Now
  pulse: Pulse
}

/** A beat of the hub sets the time, and says that what is shown is as new as that. */
export function takeBeat({ now, pulse }: Watch, hubAt: number): void {
  now.hubSays(hubAt)
  pulse.heard(hubAt)
}

/** Figures came: they stand for now, and this browser keeps them for when the hub is away. */
export function remember({ now, pulse }: Watch, path: string, body: unknown): void {
  pulse.heard(now.exact())
  keep(path, body, now.exact())
}

/** What was kept, where a hub that is away gave nothing; "no such street" is an answer. */
export function restore<T>(
  { pulse }: Watch,
  path: string,
  problem: HubProblem,
  isWhole: (body: unknown) => body is T
): T | undefined {
  if (problem.status > 0 && problem.status < 500) return undefined
  const found = kept(path, isWhole)
  if (found) pulse.restored(found.at)
  return found?.body
}
