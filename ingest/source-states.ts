/**
 * What each family remembers of its boxes between two messages. It is kept in the journal and moves with the checkpoint, in one
 * transaction: after a crash the messages behind the checkpoint are decoded again with the states that they had.
 */
import { dialectOf } from './decode.ts'
import type { Decoded } from './ingest.ts'

interface Kept {
  /** A device that was added again as another family starts without memory. */
  dialect: string
  state: unknown
}

export class SourceStates {
  readonly #kept: Map<string, Kept>

  /** `texts` as the journal kept them, by device. */
  constructor(texts: ReadonlyMap<string, string> = new Map()) {
    this.#kept = new Map([...texts].map(([deviceId, text]) => [deviceId, JSON.parse(text) as Kept]))
  }

  /** Starts a batch: what it changes counts for its own later messages, and for everybody once it is applied. */
  begin(): PendingStates {
    return new PendingStates(this.#kept)
  }

  /** The batch is stored. */
  apply(pending: PendingStates): void {
    for (const [deviceId, kept] of pending.changed) this.#kept.set(deviceId, kept)
  }

  /** As a second decoding of older messages begins. */
  rewound(): SourceStates {
    const rewound = new SourceStates()
    for (const [deviceId, { dialect, state }] of this.#kept) {
      const older = dialectOf(dialect).rewound?.(state)
      if (older !== undefined) rewound.#kept.set(deviceId, { dialect, state: older })
    }
    return rewound
  }
}

export class PendingStates {
  readonly #before: ReadonlyMap<string, Kept>
  readonly changed = new Map<string, Kept>()

  constructor(before: ReadonlyMap<string, Kept>) {
    this.#before = before
  }

  get(deviceId: string, dialect: string): unknown {
    const kept = this.changed.get(deviceId) ?? this.#before.get(deviceId)
    return kept?.dialect === dialect ? kept.state : undefined
  }

  take(deviceId: string, dialect: string, { state }: Decoded): void {
    if (state !== undefined) this.changed.set(deviceId, { dialect, state })
  }

  /** For the journal; undefined where nothing changed. */
  texts(): Map<string, string> | undefined {
    if (this.changed.size === 0) return undefined
    return new Map([...this.changed].map(([deviceId, kept]) => [deviceId, JSON.stringify(kept)]))
  }
}
