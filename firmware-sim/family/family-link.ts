/** A box of a family as it is played: it keeps nothing that it could not send, and connects again with its next message. */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Box } from '../box.ts'
import type { BoxLink, MeasuredMoment } from '../box-link.ts'
import type { Tally } from '../connection.ts'
import { FamilyConnection } from './family-connection.ts'
import type { Running, Values, Wire } from './firmware.ts'

export class FamilyLink implements BoxLink {
  readonly #connection: FamilyConnection
  readonly #firmware: Running
  readonly #tally: Tally
  #isWanted = false
  /** Counted among the connected. */
  #isCounted = false
  /** What is on its way, one message after the other. */
  #sending: Promise<void> = Promise.resolve()

  constructor({ wire, firmware, tally }: { wire: Wire; firmware: Running; tally: Tally }) {
    this.#connection = new FamilyConnection(wire, () => this.#count(false))
    this.#firmware = firmware
    this.#tally = tally
  }

  get isConnected(): boolean {
    return this.#isWanted && this.#connection.isConnected
  }

  connect(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#next(() => this.#connected())
  }

  vanish(): void {
    this.#isWanted = false
    this.#connection.vanish()
    this.#count(false)
  }

  measured(box: Box, { trueAt, isTwice }: MeasuredMoment): void {
    const values = valuesOf(box)
    this.#tally.waiting++
    this.#next(async () => {
      try {
        await this.#send(values, trueAt, isTwice ? 2 : 1)
      } finally {
        this.#tally.waiting--
      }
    })
  }

  /** What these boxes say of themselves stands in their messages. */
  status(): void {}

  async close(): Promise<void> {
    this.#isWanted = false
    await this.#sending
    await this.#connection.close()
    this.#count(false)
  }

  async #connected(): Promise<void> {
    await this.#connection.connect()
    this.#count(this.#isWanted)
  }

  async #send(values: Values, at: UnixMs, times: number): Promise<void> {
    if (!this.#isWanted) {
      this.#tally.dropped++
      return
    }
    await this.#connected()
    for (let time = 0; time < times; time++) {
      const messages = this.#firmware.messages(values, at)
      this.#tally.sent += messages.length
      await this.#connection.send(messages)
      this.#tally.acknowledged += messages.length
    }
    this.#tally.readings++
  }

  #next(work: () => Promise<void>): void {
    this.#sending = this.#sending.then(work).catch((cause: unknown) => {
      this.#tally.failures++
      this.#tally.lastFailure = cause instanceof Error ? cause.message : String(cause)
    })
  }

  #count(isConnected: boolean): void {
    if (isConnected === this.#isCounted) return
    this.#isCounted = isConnected
    this.#tally.connected += isConnected ? 1 : -1
  }
}

/** Rounded as its driver does; what is no number is left out. */
function valuesOf({ sensor, values }: Box): Values {
  const rounded: Partial<Record<Quantity, number>> = {}
  for (const [i, quantity] of sensor.quantities.entries()) {
    const value = values[i]!
    if (Number.isFinite(value)) rounded[quantity] = Number(value.toFixed(sensor.decimals[i]))
  }
  return rounded
}
