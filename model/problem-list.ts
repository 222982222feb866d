/** The problems of one batch, bounded, so that a misbehaving device cannot flood its host: the first of each kind, and counts. */
import type { Fault, FaultCode, Problem } from './fault.ts'
import { problemsPerBatchAlikeMax, problemsPerBatchMax } from './limits.ts'
import type { UnixMs } from './time.ts'

export class ProblemList {
  readonly problems: Problem[] = []
  readonly counts = new Map<FaultCode, number>()
  withheld = 0
  readonly #devices = new Map<string, { total: number; alike: Map<string, number> }>()

  add(message: { deviceId: string; receivedAt: UnixMs }, fault: Fault, aboutFrom: UnixMs | null): void {
    this.counts.set(fault.code, (this.counts.get(fault.code) ?? 0) + 1)
    if (this.#isTooMuch(message.deviceId, fault)) this.withheld++
    else this.problems.push({ ...fault, deviceId: message.deviceId, at: message.receivedAt, aboutFrom })
  }

  #isTooMuch(deviceId: string, fault: Fault): boolean {
    let seen = this.#devices.get(deviceId)
    if (!seen) this.#devices.set(deviceId, (seen = { total: 0, alike: new Map() }))
    if (seen.total >= problemsPerBatchMax) return true
    const kind = `${fault.code} ${fault.field ?? ''}`
    const alike = seen.alike.get(kind) ?? 0
    // A device without a site says so with each message; once is enough.
    if (alike >= (fault.code === 'unclaimed' ? 1 : problemsPerBatchAlikeMax)) return true
    seen.alike.set(kind, alike + 1)
    seen.total++
    return false
  }
}
