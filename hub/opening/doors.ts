/** What the doors of MQTT and HTTP have in common: which topics and paths each family of boxes uses, and what is wrong with messages. */
import type { Broker } from '../../broker/broker.ts'
import { FamilyDoor } from '../../ingest/family-door.ts'
import { MistakenBoxes } from '../../ingest/mistaken-boxes.ts'
import { PushDoor } from '../../ingest/push-door.ts'
import { collectDeviceProblems, problemTopics, type DeviceProblems } from '../device-problems.ts'
import { openHosting, type Hosting } from '../hosting/hosting.ts'
import { notPublished, type Joint } from './joint.ts'

/** What is common to the doors of MQTT and HTTP. */
export interface Doors {
  families: FamilyDoor
  push: PushDoor
  mistaken: MistakenBoxes
  /** What hosts change on the web. */
  hosting: Hosting
  /** What is wrong with messages goes to problem lists and, once there is a broker, to `problems` topics. */
  problems: DeviceProblems
  publishWith(broker: Broker): void
}

/** Which topics and paths each family of boxes uses, and whose a gateway's messages are. */
export function openFamilies({ config, options, closing, rooms }: Joint): Doors {
  const { registry, pipeline, clock } = rooms
  let publishProblems: ReturnType<typeof problemTopics> = () => undefined
  const problems = collectDeviceProblems((noted) => {
    registry.recordProblems(noted)
    publishProblems(noted)
  })
  closing.add(() => problems.stop())
  const { note: onFault } = problems
  const families = new FamilyDoor({ registry, accept: rooms.accept, onFault, clock })
  const { allowUnauthenticated } = config
  const mistaken = new MistakenBoxes({ registry, onFault, clock })
  const push = new PushDoor({ registry, families, mistaken, allowUnauthenticated, onFault, clock })
  return {
    families,
    push,
    mistaken,
    hosting: openHosting({ ...rooms, hubName: config.name, families, backups: config.backups }),
    problems,
    publishWith(broker) {
      publishProblems = problemTopics(broker, notPublished(options.log))
      pipeline.on('problems', publishProblems)
    }
  }
}
