/** What recurring work on the store gives while the store is away: marks of what is to be done stay in it, so nothing is lost. */
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

export function orNothing<T>(
  nothing: T,
  unavailable: (cause: StoreUnavailable) => void
): (cause: unknown) => T {
  return (cause) => {
    if (!(cause instanceof StoreUnavailable)) throw cause
    unavailable(cause)
    return nothing
  }
}
