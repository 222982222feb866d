/** The door for boxes that push over HTTP: whose a request is, by token, by password, or by an address that anybody could name. */
import { unauthenticatedTopic } from '../model/message.ts'
import type { Fault } from '../model/fault.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'
import { dialects } from './decode.ts'
import type { FamilyDoor } from './family-door.ts'
import type { MistakenBoxes } from './mistaken-boxes.ts'
import type { PushRules } from './ingest.ts'

/** A family that pushes, by the name in its paths. */
export interface PushFamily extends PushRules {
  name: string
  label: string
}

/** Who sends a request; `isOpen` where it showed no secret. */
export interface PushSender {
  deviceId: string
  isOpen: boolean
}

/** Why nobody is known; in the words of the answer. */
export type PushRefusal = 'unauthenticatedOff' | 'boxUnknown'

export interface PushDoorDeps {
  registry: Pick<Registry, 'device' | 'verify' | 'deviceOfToken' | 'deviceOfThing' | 'markUnauthenticated'>
  families: FamilyDoor
  mistaken: Pick<MistakenBoxes, 'wrongPassword' | 'stray'>
  /** Families whose boxes are taken without a secret. */
  allowUnauthenticated: ReadonlySet<string>
  onFault(deviceId: string, fault: Fault, at: UnixMs): void
  clock: Clock
}

export class PushDoor {
  readonly #deps: PushDoorDeps
  readonly pushFamilies: readonly PushFamily[] = [...dialects.values()].flatMap(({ name, label, push }) =>
    push ? [{ ...push, name, label }] : []
  )

  constructor(deps: PushDoorDeps) {
    this.#deps = deps
  }

  byToken(token: string): PushSender | undefined {
    const deviceId = this.#deps.registry.deviceOfToken(token)
    return deviceId === undefined ? undefined : { deviceId, isOpen: false }
  }

  byPassword(deviceId: string, password: string): PushSender | undefined {
    const { registry } = this.#deps
    if (registry.verify(deviceId, password) !== undefined) return { deviceId, isOpen: false }
    this.#deps.mistaken.wrongPassword(deviceId, password, 'HTTP')
    return undefined
  }

  /** A box that is known by its address alone. */
  byAddress(family: string, address: string | undefined): PushSender | PushRefusal {
    const { registry, allowUnauthenticated } = this.#deps
    const deviceId =
      address === undefined ? undefined : registry.deviceOfThing({ dialect: family, scope: '', address })
    if (!allowUnauthenticated.has(family)) {
      if (deviceId !== undefined) this.tell(deviceId, notAllowed(family))
      return 'unauthenticatedOff'
    }
    if (deviceId === undefined) return 'boxUnknown'
    registry.markUnauthenticated(deviceId)
    return { deviceId, isOpen: true }
  }

  /** The one family whose firmware shows nothing but its client id over MQTT is Smart Citizen's. */
  byClientId(clientId: string): string | undefined {
    if (clientId === '') return undefined
    const sender = this.byAddress('smartcitizen', clientId)
    return typeof sender === 'object' ? sender.deviceId : undefined
  }

  /** Firmware made for ThingsBoard shows its token as the user name of MQTT. */
  byUserName(token: string): string | undefined {
    const deviceId = this.#deps.registry.deviceOfToken(token)
    const dialect = deviceId === undefined ? undefined : this.#deps.registry.device(deviceId)?.dialect
    return dialect === 'thingsboard' ? deviceId : undefined
  }

  accept(
    { deviceId, isOpen }: PushSender,
    topic: string,
    body: Uint8Array,
    done: (failure?: Error) => void
  ): void {
    this.#deps.families.accept(deviceId, isOpen ? unauthenticatedTopic(topic) : topic, body, done)
  }

  /** The first bytes of what is no HTTP. */
  stray(bytes: Uint8Array): void {
    this.#deps.mistaken.stray('http', bytes)
  }

  tell(deviceId: string, fault: Fault): void {
    const { onFault, clock } = this.#deps
    onFault(deviceId, fault, clock.now())
  }
}

function notAllowed(family: string): Fault {
  return {
    code: 'wrongPassword',
    message: `the box sent no secret, and the hub does not accept such boxes; the steward can allow them with LAMPPOST_ALLOW_UNAUTHENTICATED=${family}`
  }
}
