/** What was known of a hub, and when: by this a folder is judged that a power cut left. */
import { minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import type { AddedDevice } from '../support/hub-process.ts'

/** Something that was asked for, and answered; `done` is Infinity where no answer came. Unix milliseconds. */
export interface Asked {
  begun: number
  done: number
}

export interface Sender {
  device: AddedDevice
  /** When message n was acknowledged. */
  acknowledged: Map<number, number>
  /** How many were sent at all. */
  sent: number
}

export interface Known {
  senders: Sender[]
  imported: Asked & { file: string; rows: number; device: AddedDevice }
  moved: Asked & { sender: Sender; fromStreet: string; toStreet: string; at: number }
  backup: Asked & { file: string }
  erased: Asked & { sender: Sender; personId: string; words: string[]; value: number }
}

export const importFrom = Date.UTC(2025, 0, 1)

export function importRow(n: number): { time: string; value: number } {
  return { time: toIso((importFrom + n * minuteMs) as UnixMs), value: (n % 900) / 10 }
}
