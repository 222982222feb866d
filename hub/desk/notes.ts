/** Notes on streets, and people who asked to host a sensor. */
import type { Accounts, Actor } from '../../accounts/accounts.ts'
import type {
  AnnotationBody,
  DeskAnnotation,
  DeskRequest,
  HostRequestBody
} from '../../contract/desk/notes.ts'
import { readMoment } from '../../figures/parameters.ts'
import { toIso, type Clock } from '../../model/time.ts'
import type { Annotation } from '../../registry/promise/desk.ts'
import type { Registry } from '../../registry/registry.ts'

export interface DeskNoteRooms {
  registry: Pick<
    Registry,
    | 'street'
    | 'findStreet'
    | 'annotations'
    | 'annotate'
    | 'removeAnnotation'
    | 'hostRequests'
    | 'addHostRequest'
    | 'removeHostRequest'
  >
  accounts: Pick<Accounts, 'note'>
  clock: Clock
  timezone: string
}

export type DeskNotes = ReturnType<typeof deskNotes>

export function deskNotes({ registry, accounts, clock, timezone }: DeskNoteRooms) {
  const shown = ({ annotationId, streetId, from, until, text }: Annotation): DeskAnnotation => ({
    annotationId,
    street: { id: streetId, name: registry.street(streetId)?.name ?? streetId },
    from: toIso(from),
    until: until === null ? null : toIso(until),
    text
  })

  return {
    annotations: (): DeskAnnotation[] => registry.annotations().map(shown),

    annotate(by: Actor, { street, from, until, text }: AnnotationBody): DeskAnnotation {
      const noted = registry.annotate({
        streetId: street,
        from: readMoment('from', from, timezone),
        until: until === undefined ? null : readMoment('until', until, timezone),
        text
      })
      accounts.note({ by, action: 'streetNote', about: noted.annotationId })
      return shown(noted)
    },

    removeAnnotation(by: Actor, annotationId: string): void {
      registry.removeAnnotation(annotationId)
      accounts.note({ by, action: 'streetNoteRemove', about: annotationId })
    },

    requests: (): DeskRequest[] =>
      registry.hostRequests().map(({ at, ...rest }) => ({ ...rest, at: toIso(at) })),

    /** From anybody; the route bounds how often. */
    ask({ name, contact, street, message = '' }: HostRequestBody): void {
      registry.addHostRequest({ name, contact, street, message }, clock.now())
    },

    removeRequest(by: Actor, requestId: string): void {
      registry.removeHostRequest(requestId)
      accounts.note({ by, action: 'requestRemove', about: requestId })
    }
  }
}
