/**
 * How a gateway's message is taken apart at the door, before the journal: each box behind it is a thing with an address, and only
 * what belongs to a claimed one is passed on. Nothing that gives a place is passed on at all.
 */
import type { Fault } from '../model/fault.ts'
import type { MeasuredQuantity } from '../model/quantity.ts'

/** A message as the door has it. */
export interface GatewayMessage {
  topic: string
  payload: Uint8Array
  /** The publisher, or a broker before it, asked for it to be kept. */
  retained: boolean
}

/** What a message holds of one thing. */
export interface Part {
  /** Names the thing for as long as it lives: a serial, an EUI, a MAC; or a name that its owner gave it. */
  address: string
  /** Such a name is one only behind its own gateway; a serial is one everywhere. */
  isLocal: boolean
  /** What people call it, where that is something else. */
  name?: string
  /** What it measures, as far as this message tells; never a value. */
  quantities: readonly MeasuredQuantity[]
  /** It measures something, though its names are nobody's: a map can name them once it is claimed. */
  isBox?: boolean
  /**
   * In the message of a box that is no gateway: `own` is what the box itself measured, `behind` what smaller ones told it, which
   * are claimed by themselves. Unless given, the box that shows the secret is the first that speaks with it.
   */
  role?: 'own' | 'behind'
  /** As it goes to the journal. */
  topic: string
  payload: Uint8Array
  /** Why this part makes no reading and stays outside, told to whoever claimed the thing. */
  fault?: Fault
  /** Why nobody could choose the thing from this message, told at the gateway while nobody claimed it. */
  unclaimedFault?: Fault
}

export interface SplitMessage {
  parts: readonly Part[]
  /** What is wrong with all of it, told at the gateway. */
  fault?: Fault
  /** Which address stands behind a name from now on. */
  names?: ReadonlyMap<string, string>
}

/** What is known of names behind one gateway. */
export type AddressOf = (name: string) => string | undefined

export type Split = (message: GatewayMessage, addressOf: AddressOf) => SplitMessage

/** Of no interest: a log, a command, a description. */
export const noParts: SplitMessage = Object.freeze({ parts: [] })
