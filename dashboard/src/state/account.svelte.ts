/** Who is signed in, in this browser. */
import type { Me } from '../../../contract/account.ts'
import { fetchMe, signOut } from '../fetch/account.ts'
import { forgetFirst } from '../fetch/first.ts'
import { HubProblem } from '../fetch/http.ts'
import { Newest } from '../fetch/newest.ts'

/** The cookie cannot be read by a page; this note only says that asking is worth it. */
const noteName = 'lamppost-signed-in'

export class Account {
  me = $state.raw<Me>()
  /** Known, one way or the other. */
  isKnown = $state(false)
  readonly #newest = new Newest()

  /** Residents without an account ask nothing. */
  start(): () => void {
    if (noted()) void this.load()
    else {
      forgetFirst('me/damp')
      this.isKnown = true
    }
    return () => this.#newest.stop()
  }

  async load(): Promise<void> {
    const signal = this.#newest.start()
    try {
      this.set(await fetchMe(signal))
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof HubProblem)) throw error
      if (error.status === 401) this.set(undefined)
      this.isKnown = true
    }
  }

  set(me: Me | undefined): void {
    this.me = me
    this.isKnown = true
    note(me !== undefined)
  }

  async signOut(): Promise<void> {
    await signOut()
    this.set(undefined)
  }
}

/** A browser that keeps nothing is asked each time; it has no note. */
function noted(): boolean {
  try {
    return localStorage.getItem(noteName) !== null
  } catch {
    return true
  }
}

function note(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(noteName, 'yes')
    else localStorage.removeItem(noteName)
  } catch {
    // Only a question is saved by it.
  }
}
