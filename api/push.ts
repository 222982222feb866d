/** What the push routes need: whose a request is, and the door to the journal. */
import type { Fault } from '../model/fault.ts'

/** A request as far as it tells what its body is. */
export interface PushRequest {
  /** Of a header, named in lower case. */
  header(name: string): string | undefined
  query(name: string): string | undefined
  /** Named parts of a fixed path. */
  params: Readonly<Record<string, string>>
  /** What follows the token. */
  rest: string
}

export interface PushFamily {
  name: string
  label: string
  /** The status that its firmware takes for success; sent only once the message is on disk. */
  okStatus: number
  topicOf(request: PushRequest): string
  /** Where its firmware puts the token, if not as the last part of the path. */
  tokenOf?(request: PushRequest): string | undefined
  /** A path that its firmware fixes, in the router's words, and how the box is known there. */
  fixed?: { path: string; addressOf(request: PushRequest): string | undefined }
}

/** Who sends; `isOpen` where it showed no secret. */
export interface PushSender {
  deviceId: string
  isOpen: boolean
}

export interface PushDoor {
  readonly pushFamilies: readonly PushFamily[]
  byToken(token: string): PushSender | undefined
  byPassword(deviceId: string, password: string): PushSender | undefined
  byAddress(family: string, address: string | undefined): PushSender | 'unauthenticatedOff' | 'boxUnknown'
  /** `done` without an error means: on disk, synced. */
  accept(sender: PushSender, topic: string, body: Uint8Array, done: (failure?: Error) => void): void
  /** The first bytes of what is no HTTP; whoever it was may have named a device. */
  stray(bytes: Uint8Array): void
  /** For the problem list of the device. */
  tell(deviceId: string, fault: Fault): void
}
