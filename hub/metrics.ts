/** The hub's own numbers as Prometheus text (exposition format 0.0.4). */
import type { Broker } from '../broker/broker.ts'
import type { Rooms } from './rooms.ts'

export async function metricsText({ journal, pipeline }: Rooms, broker: Broker): Promise<string> {
  const [ingest, store] = await Promise.all([pipeline.service.ingestStats(), pipeline.service.stats()])
  const front = broker.stats()
  const log = journal.stats()
  return (
    [
      ...metric('lamppost_mqtt_connections', 'gauge', 'Clients connected now', front.connected),
      ...metric('lamppost_mqtt_received_total', 'counter', 'Messages received from devices', front.received),
      ...metric(
        'lamppost_mqtt_acknowledged_total',
        'counter',
        'Messages on disk and acknowledged',
        front.acknowledged
      ),
      ...labelled(
        'lamppost_mqtt_refused_total',
        'counter',
        'What was refused, by reason',
        'reason',
        front.refused
      ),
      ...metric(
        'lamppost_journal_last_sequence',
        'counter',
        'Sequence of the newest message on disk',
        log.lastSequence
      ),
      ...metric('lamppost_journal_pending', 'gauge', 'Messages handed in and not yet on disk', log.pending),
      ...metric('lamppost_journal_bytes', 'gauge', 'Size of the journal', log.bytes),
      ...metric(
        'lamppost_journal_commit_seconds',
        'gauge',
        'Duration of the last commit',
        log.commitMs / 1_000
      ),
      ...metric(
        'lamppost_ingest_checkpoint',
        'counter',
        'Sequence up to which readings are stored',
        ingest.checkpoint
      ),
      ...metric(
        'lamppost_ingest_messages_total',
        'counter',
        'Messages decoded since the start',
        ingest.messages
      ),
      ...metric(
        'lamppost_ingest_readings_total',
        'counter',
        'Readings stored since the start',
        ingest.readings
      ),
      ...metric(
        'lamppost_ingest_repeated_total',
        'counter',
        'Readings that were there already',
        ingest.repeated
      ),
      ...metric('lamppost_ingest_held', 'gauge', 'Messages of sensors that hang nowhere yet', ingest.held),
      ...labelled('lamppost_faults_total', 'counter', 'Faults found, by code', 'code', ingest.faults),
      ...metric('lamppost_store_readings', 'gauge', 'Readings in the store', store.readings),
      ...metric('lamppost_store_bytes', 'gauge', 'Size of the store', store.bytes),
      ...metric(
        'lamppost_store_failing',
        'gauge',
        '1 while the store cannot take readings',
        ingest.storeFailing ? 1 : 0
      )
    ].join('\n') + '\n'
  )
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
