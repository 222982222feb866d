/** What a box that is being played needs of its connection, whichever payload it speaks. */
import type { UnixMs } from '../model/time.ts'
import type { Box } from './box.ts'
import type { BoxConnection } from './connection.ts'
import { PayloadWriter, statusPayload, type Status, type TimeStyle } from './encode.ts'

export interface MeasuredMoment {
  /** By the box's own clock; null while it does not know the time. */
  at: UnixMs | null
  /** As it is. */
  trueAt: UnixMs
  style: TimeStyle
  /** Sent again, as after an acknowledgement that got lost. */
  isTwice: boolean
}

export interface BoxLink {
  readonly isConnected: boolean
  /** Connects, and again whenever the connection is lost, until `vanish` or `close`. */
  connect(): void
  /** Power or Wi-Fi is gone. */
  vanish(): void
  /** Sends what the box has in `values`. */
  measured(box: Box, moment: MeasuredMoment): void
  status(status: Status): void
  /** Safe to call twice. */
  close(): Promise<void>
}

/** The native payload. */
export class NativeLink implements BoxLink {
  readonly #connection: BoxConnection
  readonly #writer = new PayloadWriter()

  constructor(connection: BoxConnection) {
    this.#connection = connection
  }

  get isConnected(): boolean {
    return this.#connection.isConnected
  }

  connect(): void {
    this.#connection.connect()
  }

  vanish(): void {
    this.#connection.vanish()
  }

  measured(box: Box, { at, style, isTwice }: MeasuredMoment): void {
    box.write(this.#writer, at, style)
    const reading = this.#writer.take()
    this.#connection.send(reading)
    if (isTwice) this.#connection.sendAgain(reading)
  }

  status(status: Status): void {
    this.#connection.sendStatus(statusPayload(status))
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}
