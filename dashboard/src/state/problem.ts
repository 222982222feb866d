/** Tells a hub that fails, which has words for people, from a mistake of ours, which must not be hidden. */
import { HubProblem } from '../fetch/http.ts'

export function asProblem(error: unknown): HubProblem {
  if (error instanceof HubProblem) return error
  throw error
}
