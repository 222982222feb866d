/** One batch of messages made ready for the store: their readings, what must be held, and what their hosts are told. */
import type { JournaledMessage } from '../journal/journal.ts'
import { covers, deploymentAt, type Deployment } from '../model/place.ts'
import { timelessFaults, type Fault } from '../model/fault.ts'
import type { SensorTime } from '../model/message.ts'
import type { Measurement, Reading } from '../model/reading.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import type { DirectoryEntry } from '../registry/registry.ts'
import { check } from './check.ts'
import { decode } from './decode.ts'
import type { PendingStates } from './source-states.ts'
import { familyOf } from '../science/family-limits.ts'
import type { Decoded, Directory, Health } from './ingest.ts'
import { timeSaid } from './time-said.ts'
import { ProblemList } from '../model/problem-list.ts'

export class Batch {
  readonly readings: Reading[] = []
  /** Messages of unplaced devices, whole or in part: kept until the registry changes. */
  readonly held: JournaledMessage[] = []
  readonly problems = new ProblemList()
  /** The newest of each device that says something of itself. */
  readonly health = new Map<string, Health>()
  /** What the clocks of sensors said in it, the newest of each. */
  readonly times = new Map<string, SensorTime>()
  messages = 0
  readonly states: PendingStates
  readonly #directory: Directory

  constructor(directory: Directory, states: PendingStates) {
    this.#directory = directory
    this.states = states
  }

  add(message: JournaledMessage): void {
    this.messages++
    const entry = this.#directory.get(message.deviceId)
    if (!entry) return this.#hold(message, message.receivedAt)
    if (isErased(entry)) return
    const decoded = this.#decode(message, entry)
    const { measurements, faults } = decoded
    this.#tell(message, decoded)
    const at = timeSaid(message, decoded)
    if (at !== undefined)
      this.times.set(message.deviceId, { deviceId: message.deviceId, at, receivedAt: message.receivedAt })
    const homeless = this.#place(message, entry, measurements)
    if (homeless !== undefined) return this.#hold(message, homeless)
    // What cannot be read today may be read by a mended decoder, once somebody has claimed the device.
    if (entry.deployments.length === 0 && faults.length > 0) this.#hold(message, message.receivedAt)
  }

  /**
   * The same for a message that was held. Its faults were told when it came, unless the device was unknown then. True
   * when every reading of it has found its site, so that it can be let go once the store has them.
   */
  addHeld(message: JournaledMessage, entry: DirectoryEntry, tellFaults: boolean): boolean {
    this.messages++
    if (isErased(entry)) return true
    const decoded = this.#decode(message, entry)
    if (tellFaults) this.#tell(message, decoded)
    return this.#place(message, entry, decoded.measurements) === undefined
  }

  #tell(message: JournaledMessage, decoded: Decoded): void {
    if (decoded.faults.length === 0) return
    const aboutFrom = aboutFromOf(message, decoded)
    for (const fault of decoded.faults) this.problems.add(message, fault, aboutFrom)
  }

  #decode(message: JournaledMessage, { dialect, address = null, map = null }: DirectoryEntry): Decoded {
    const { deviceId } = message
    const decoded = decode(dialect, message, { state: this.states.get(deviceId, dialect), address, map })
    this.states.take(deviceId, dialect, decoded)
    if (decoded.health) this.health.set(deviceId, { ...this.health.get(deviceId), ...decoded.health })
    return decoded
  }

  /** Adds the readings that have a site at their time; answers with the first time that has none. */
  #place(
    message: JournaledMessage,
    entry: DirectoryEntry,
    measurements: readonly Measurement[]
  ): UnixMs | undefined {
    let homeless: UnixMs | undefined
    let deployment: Deployment | undefined
    for (const measurement of measurements) {
      const { quantity, value, measuredAt } = measurement
      // Erased readings never come back: their host has gone with them.
      if (entry.erased?.some((period) => covers(period, measuredAt))) continue
      if (!deployment || !covers(deployment, measuredAt)) {
        deployment = deploymentAt(entry.deployments, measuredAt)
      }
      if (!deployment) {
        homeless ??= measuredAt
        continue
      }
      const { flag, reasons } = check(measurement, familyOf(entry.sensors, quantity))
      this.readings.push({
        siteId: deployment.siteId,
        deviceId: message.deviceId,
        quantity,
        measuredAt,
        receivedAt: message.receivedAt,
        value,
        flag,
        reasons,
        sequence: message.sequence,
        importId: 0
      })
    }
    return homeless
  }

  #hold(message: JournaledMessage, at: UnixMs): void {
    this.held.push(message)
    const fault: Fault = {
      code: 'unclaimed',
      message: `the device was not installed anywhere at ${toIso(at)}; its messages wait until you record where it was (lamppost device move ${message.deviceId} --street …)`
    }
    this.problems.add(message, fault, at)
  }
}

/** null where nobody can say: nothing was read of a message that may have waited in its box. */
function aboutFromOf(
  { receivedAt }: JournaledMessage,
  { measurements, faults, timeFrom }: Decoded
): UnixMs | null {
  if (timeFrom === undefined && measurements.length === 0) return null
  if (faults.some(({ code }) => timelessFaults.has(code))) return null
  let earliest = Math.min(receivedAt, timeFrom ?? Infinity)
  for (const { measuredAt } of measurements) earliest = Math.min(earliest, measuredAt)
  return earliest as UnixMs
}

/** Of a device that goes for good nothing is looked at any more. */
function isErased({ erased = [] }: DirectoryEntry): boolean {
  return erased.some(({ from, until }) => from === null && until === null)
}
