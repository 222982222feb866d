/** What others may ask of notes on streets, which everybody sees, and of requests to host a sensor, which stewards see. */
import type { UnixMs } from '../../model/time.ts'

/** Something that happened on a street and may explain its numbers: "Roadworks". */
export interface Annotation {
  annotationId: string
  streetId: string
  from: UnixMs
  /** Exclusive; null while it goes on. */
  until: UnixMs | null
  text: string
}

export interface HostRequest {
  requestId: string
  at: UnixMs
  name: string
  contact: string
  street: string
  message: string
}

export interface DeskBooks {
  /** Of a street, or of all; oldest first. Those of a merged street are the other's. */
  annotations(streetId?: string): Annotation[]
  /** Throws `RegistryRefusal` streetUnknown, badNote, badTime, tooMany. */
  annotate(annotation: Omit<Annotation, 'annotationId'>): Annotation
  /** Throws `RegistryRefusal` annotationUnknown. */
  removeAnnotation(annotationId: string): Annotation

  /** Newest first. */
  hostRequests(): HostRequest[]
  /** Throws `RegistryRefusal` badNote, tooMany. */
  addHostRequest(request: Omit<HostRequest, 'requestId' | 'at'>, now: UnixMs): HostRequest
  /** Nothing of it is kept. Throws `RegistryRefusal` requestUnknown. */
  removeHostRequest(requestId: string): void
  /** Those older than `before` go; returns how many. */
  forgetHostRequests(before: UnixMs): number
}
