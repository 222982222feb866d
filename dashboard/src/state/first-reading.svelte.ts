/** Waits for the first reading of a sensor: looks at one's own sensors every few seconds until it is there. */
import type { OwnDevice } from '../../../contract/own.ts'
import type { HubProblem } from '../fetch/http.ts'
import { fetchOwnDevices } from '../fetch/own.ts'
import { firstReadingEveryMs } from '../limits.ts'
import { Resource } from './resource.svelte.ts'

export class FirstReading {
  readonly #devices = new Resource((signal) => fetchOwnDevices(signal))
  readonly #deviceId: string
  readonly device: OwnDevice | undefined = $derived.by(() =>
    this.#devices.value?.find(({ deviceId }) => deviceId === this.#deviceId)
  )
  readonly works = $derived(Object.keys(this.device?.latest ?? {}).length > 0)

  constructor(deviceId: string) {
    this.#deviceId = deviceId
  }

  get problem(): HubProblem | undefined {
    return this.#devices.problem
  }

  /** Until the returned function is called. */
  start(): () => void {
    void this.#devices.load()
    const timer = setInterval(() => {
      if (!this.works) void this.#devices.load()
    }, firstReadingEveryMs)
    return () => {
      clearInterval(timer)
      this.#devices.stop()
    }
  }
}
