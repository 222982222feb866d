/** The hub's own numbers as Prometheus text (exposition format 0.0.4). */
import type { Broker, BrokerStats } from '../broker/broker.ts'
import type { Health } from '../contract/hub.ts'
import { backlogOf } from './backlog.ts'
import type { Presence } from '../broker/presence.ts'
import type { Rooms } from './rooms.ts'

export interface Metrics {
  text(): Promise<string>
}

export function watchMetrics(rooms: Rooms, broker: Broker, health: () => Health): Metrics {
  return {
    async text() {
      const { journal, pipeline, clock } = rooms
      const { service } = pipeline
      const [ingest, state] = await Promise.all([service.ingestStats(), service.storeState()])
      // A store that is away must not hide how the rest is.
      const store = await service.stats().catch(() => undefined)
      const log = journal.stats()
      const now = clock.now()
      const backlog = backlogOf(ingest, log, now)
      return (
        [
          ...frontDoor(broker.stats()),
          ...gauge('lamppost_journal_pending', 'Messages handed in and not yet on disk', log.pending),
          ...counter(
            'lamppost_journal_last_sequence',
            'Sequence of the newest message on disk',
            log.lastSequence
          ),
          ...gauge('lamppost_journal_behind', 'Messages on disk and not yet stored', backlog.messages),
          ...gauge(
            'lamppost_journal_behind_seconds',
            'How long the oldest of them has waited',
            backlog.ageMs / 1_000
          ),
          ...gauge(
            'lamppost_journal_waiting_ratio',
            'Their share of the size limit of the journal; at 1 no messages are accepted',
            backlog.share
          ),
          ...gauge('lamppost_journal_bytes', 'Size of the journal', log.bytes),
          ...gauge('lamppost_journal_bytes_max', 'Size limit of the journal', log.bytesMax),
          ...gauge(
            'lamppost_journal_oldest_seconds',
            'Age of the oldest message still in the journal',
            log.oldestReceivedAt === null ? 0 : Math.max(0, now - log.oldestReceivedAt) / 1_000
          ),
          ...gauge('lamppost_journal_commit_seconds', 'Duration of the last commit', log.commitMs / 1_000),
          ...gauge(
            'lamppost_journal_damaged_stretches',
            'Stretches of the journal that could not be read since the start',
            ingest.damagedStretches
          ),
          ...gauge('lamppost_journal_failing', '1 while nothing can be accepted', log.failing ? 1 : 0),
          ...counter(
            'lamppost_ingest_checkpoint',
            'Sequence up to which readings are stored',
            ingest.checkpoint
          ),
          ...counter('lamppost_ingest_messages_total', 'Messages decoded since the start', ingest.messages),
          ...counter('lamppost_ingest_readings_total', 'Readings stored since the start', ingest.readings),
          ...counter('lamppost_ingest_repeated_total', 'Readings that were already stored', ingest.repeated),
          ...gauge(
            'lamppost_ingest_held',
            'Messages waiting for a place: their sensors were not installed anywhere',
            ingest.held
          ),
          ...gauge('lamppost_ingest_held_bytes', 'Their size on disk', ingest.heldBytes),
          ...gauge(
            'lamppost_held_back_devices',
            'Paused sensors: not acknowledged until they have a place',
            ingest.paused.length
          ),
          ...gauge(
            'lamppost_held_back_messages',
            'Unacknowledged messages of paused sensors',
            rooms.paused.waiting()
          ),
          ...labelled('lamppost_faults_total', 'counter', 'Faults found, by code', 'code', ingest.faults),
          ...(store
            ? [
                ...gauge('lamppost_store_readings', 'Readings in the store', store.readings),
                ...gauge('lamppost_store_bytes', 'Size of the store', store.bytes),
                ...gauge(
                  'lamppost_store_hours_waiting',
                  'Hours of a sensor and quantity to be recalculated, unfinished hours included',
                  store.dirtyHours
                )
              ]
            : []),
          ...counter(
            'lamppost_store_refused_total',
            'Readings that the store refused permanently and that were set aside',
            state.refused
          ),
          ...gauge(
            'lamppost_store_failing',
            '1 while the store cannot take readings',
            (state.waiting ?? ingest.storeFailing) ? 1 : 0
          ),
          ...labelled('lamppost_devices', 'gauge', 'Sensors, by state', 'presence', presences(rooms)),
          ...gauge('lamppost_ready', '1 ready, 0.5 degraded, 0 not ready', readiness[health().status])
        ].join('\n') + '\n'
      )
    }
  }
}

const readiness: Record<Health['status'], number> = { ready: 1, degraded: 0.5, unready: 0 }

function frontDoor(front: BrokerStats): string[] {
  return [
    ...gauge('lamppost_mqtt_connections', 'Clients connected now', front.connected),
    ...gauge('lamppost_mqtt_subscriptions', 'Topic filters granted to them', front.subscriptions),
    ...counter('lamppost_mqtt_received_total', 'Messages received from devices', front.received),
    ...counter('lamppost_mqtt_received_bytes_total', 'Bytes of their payloads', front.receivedBytes),
    ...counter('lamppost_mqtt_acknowledged_total', 'Messages on disk and acknowledged', front.acknowledged),
    ...histogram(
      'lamppost_mqtt_acknowledge_seconds',
      'Time from the arrival of a message to its acknowledgement, including the sync to disk',
      front.acknowledgeTook
    ),
    ...gauge('lamppost_mqtt_deliveries_waiting', 'Deliveries waiting to be sent', front.deliveriesWaiting),
    ...gauge('lamppost_mqtt_sessions', 'Persistent sessions', front.sessions),
    ...gauge(
      'lamppost_mqtt_sessions_bytes',
      'Messages queued in them for absent clients',
      front.sessionsBytes
    ),
    ...labelled('lamppost_mqtt_refused_total', 'counter', 'Refusals, by reason', 'reason', front.refused)
  ]
}

/** How many devices are online, asleep, silent, vanished, or not heard of since the start. */
function presences({ registry, presence, clock }: Rooms): Record<Presence, number> {
  const counts: Record<Presence, number> = { online: 0, asleep: 0, silent: 0, vanished: 0, unknown: 0 }
  const now = clock.now()
  for (const { deviceId, intervalS, removedAt } of registry.devices()) {
    if (removedAt === null) counts[presence.of(deviceId, intervalS, now)]++
  }
  return counts
}

function gauge(name: string, help: string, value: number): string[] {
  return metric(name, 'gauge', help, value)
}

function counter(name: string, help: string, value: number): string[] {
  return metric(name, 'counter', help, value)
}

function metric(name: string, type: 'gauge' | 'counter', help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`]
}

function labelled(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  label: string,
  values: Record<string, number>
): string[] {
  const lines = Object.entries(values).map(([key, value]) => `${name}{${label}="${key}"} ${value}`)
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines]
}

function histogram(
  name: string,
  help: string,
  { buckets, count, sumS }: BrokerStats['acknowledgeTook']
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...buckets.map((bucket) => `${name}_bucket{le="${bucket.atMostS}"} ${bucket.count}`),
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sumS}`,
    `${name}_count ${count}`
  ]
}
