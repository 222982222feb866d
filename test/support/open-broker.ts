/**
 * The hub's front door and journal with open rules: any user, any topic. For conformance suites and other programs that
 * know nothing of sensors: `node test/support/open-broker.ts --port 1884 [--data FILE]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Broker, BrokerLog } from '../../broker/broker.ts'
import { startBroker } from '../../broker/start.ts'
import type { Rules } from '../../broker/topic-rules.ts'
import { acceptInto } from '../../journal/accept.ts'
import { Arrivals } from '../../journal/arrivals.ts'
import { openJournal } from '../../journal/open.ts'
import { systemClock } from '../../model/time.ts'

/** Eclipse Paho's interoperability test, old and new, subscribes to these and wants to be refused. */
const neverGranted = new Set(['nosubscribe', 'test/nosubscribe'])

/** Everybody is welcome; a session belongs to its client id alone. What begins with $SYS is the broker's own. */
export const openRules: Rules = {
  identify: (username) => ({ kind: 'device', deviceId: username || 'anybody', passwordId: '' }),
  sessionId: (_identity, clientId, unnamed) => (clientId ? `=${clientId}` : `*${unnamed}`),
  lastingWithoutName: true,
  mayPublish: (_identity, topic) => (topic.startsWith('$SYS') ? undefined : { retained: 'asAsked' }),
  maySubscribe: (_identity, filter) => !filter.startsWith('$SYS') && !neverGranted.has(filter),
  mayReceive: (_identity, topic) => !topic.startsWith('$SYS'),
  circle: () => 'everybody'
}

export interface OpenBroker {
  broker: Broker
  stop(): Promise<void>
}

export async function startOpenBroker(
  port: number,
  dataFile?: string,
  log: BrokerLog = quiet
): Promise<OpenBroker> {
  const folder = dataFile === undefined ? mkdtempSync(join(tmpdir(), 'open-broker-')) : undefined
  const journal = await openJournal({
    dataFile: dataFile ?? join(folder!, 'journal.sqlite'),
    clock: systemClock
  })
  const broker = await startBroker(
    {
      verify: () => '',
      accept: acceptInto(journal, new Arrivals(systemClock, journal.newestReceivedAt)),
      publicRead: true,
      onFault: () => undefined,
      onPresence: () => undefined,
      clock: systemClock,
      log,
      rules: openRules
    },
    { host: '127.0.0.1', mqttPort: port }
  )
  return {
    broker,
    async stop() {
      await broker.stop()
      await journal.close()
      if (folder) rmSync(folder, { recursive: true })
    }
  }
}

const quiet: BrokerLog = { info: () => undefined, warn: () => undefined }

if (import.meta.main) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '1884' }, data: { type: 'string' } }
  })
  const say = (fields: object, message: string): void =>
    void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
  const { broker, stop } = await startOpenBroker(Number(values.port), values.data, { info: say, warn: say })
  process.stdout.write(`mqtt://127.0.0.1:${broker.port}\n`)
  process.once('SIGTERM', () => void stop().then(() => process.exit(0)))
}
