/**
 * A small data folder as this version writes it, kept under test/fixtures for all versions after it. Make one when a
 * format changes, before the release that changes it: `node test/support/data-folder-fixture.ts data-folder-v2`, then add
 * its name to `dataFolders`. A fixture that was released is never made again.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { openRooms } from '../../hub/rooms.ts'
import { deviceTopic } from '../../model/message.ts'
import { minuteMs } from '../../model/time.ts'
import { addDevice, addStreetAndDevice, command, commandJson, temporaryFolder } from './hub-process.ts'

/** Fixtures that there are, oldest first. */
export const dataFolders = ['data-folder-v1']

/** What the folder holds, for a test to compare. */
export interface DataFolderFacts {
  streets: number
  devices: number
  readings: number
  /** Messages that wait for a place. */
  held: number
  /** A sensor that still hangs somewhere. */
  deviceId: string
}

const fixtures = join(import.meta.dirname, '..', 'fixtures')
const timezone = 'Europe/London'
const files = ['registry.sqlite', 'journal.sqlite', 'readings.duckdb'] as const
const firstAt = Date.UTC(2026, 2, 28, 20)

/** Puts the folder where a hub can start on it; returns what is in it, and its readings as they were exported. */
export function unpackDataFolder(name: string, into: string): { facts: DataFolderFacts; csv: string } {
  const packed = join(fixtures, name)
  mkdirSync(into, { recursive: true })
  for (const file of files)
    writeFileSync(join(into, file), gunzipSync(readFileSync(join(packed, `${file}.gz`))))
  const facts = JSON.parse(readFileSync(join(packed, 'facts.json'), 'utf8')) as DataFolderFacts
  return { facts, csv: gunzipSync(readFileSync(join(packed, 'readings.csv.gz'))).toString('utf8') }
}

/** Twelve hours of a sensor over the night in which clocks go forward, one value corrected later, one impossible. */
async function fill(dataDir: string): Promise<Omit<DataFolderFacts, 'readings'>> {
  const first = await addStreetAndDevice(dataDir, 'Ashley Road', '--name', 'No. 12, front railings')
  const indoor = await addDevice(
    dataDir,
    'Ashley Road',
    '--indoor',
    '--home',
    'number-12',
    '--interval',
    '600'
  )
  await commandJson(['street', 'add', 'Mina Road', '--data', dataDir])
  const late = await addDevice(dataDir, 'Mina Road', '--from', '2026-03-29T00:00:00Z')
  const archived = await addDevice(dataDir, 'Mina Road', '--interval', '150')
  const csv = join(fixtures, 'import', 'sds011.good.csv')
  await commandJson([
    ...['import', csv, '--format', 'sensor-community-csv'],
    ...['--device', archived.deviceId, '--data', dataDir]
  ])

  await publish(dataDir, [
    ...night(72, (n) => ({
      deviceId: first.deviceId,
      values: { pm2_5: 8 + (n % 7) / 10, laeq: 40 + (n % 20) }
    })),
    ...night(72, (n) => ({ deviceId: indoor.deviceId, values: { temperature: 19, humidity: 55 + (n % 9) } })),
    { deviceId: first.deviceId, at: firstAt, values: { pm2_5: 9.9 } },
    { deviceId: first.deviceId, at: firstAt + 1_000 * minuteMs, values: { humidity: 140 } },
    { deviceId: late.deviceId, at: firstAt, values: { pm10: 12 } }
  ])
  await commandJson(['device', 'remove', archived.deviceId, '--data', dataDir])
  return { streets: 2, devices: 4, held: 1, deviceId: first.deviceId }
}

interface Sent {
  deviceId: string
  at: number
  values: Record<string, number>
}

function night(count: number, each: (n: number) => Omit<Sent, 'at'>): Sent[] {
  return Array.from({ length: count }, (_, n) => ({ at: firstAt + n * 10 * minuteMs, ...each(n) }))
}

async function publish(dataDir: string, messages: readonly Sent[]): Promise<void> {
  const say = (_fields: object, message: string): void => void message
  const rooms = await openRooms({
    dataDir,
    hubName: 'Lanternfield',
    timezone,
    log: { info: say, warn: say, error: say },
    onFatal(cause) {
      throw cause
    }
  })
  for (const { deviceId, at, values } of messages) {
    const payload = Buffer.from(JSON.stringify({ at: new Date(at).toISOString(), ...values }))
    await new Promise<void>((resolve, reject) =>
      rooms.accept(deviceId, deviceTopic(deviceId, 'readings'), payload, (failure) =>
        failure ? reject(failure) : resolve()
      )
    )
  }
  await rooms.pipeline.service.drain()
  await rooms.close()
}

async function make(name: string): Promise<void> {
  const folder = temporaryFolder()
  const packed = join(fixtures, name)
  mkdirSync(packed)
  const facts = await fill(folder.path)
  const { stdout } = await command(['export', '--data', folder.path])
  const readings = stdout.trimEnd().split('\n').length - 1
  for (const file of files) {
    writeFileSync(join(packed, `${file}.gz`), gzipSync(readFileSync(join(folder.path, file)), { level: 9 }))
  }
  writeFileSync(join(packed, 'readings.csv.gz'), gzipSync(stdout, { level: 9 }))
  writeFileSync(join(packed, 'facts.json'), JSON.stringify({ ...facts, readings }, null, 2) + '\n')
  folder.remove()
  process.stdout.write(`${name}: ${readings} readings in ${readdirSync(packed).join(', ')}\n`)
}

if (import.meta.main) {
  const [name] = process.argv.slice(2)
  if (!name)
    throw new Error('Say how it is to be called: node test/support/data-folder-fixture.ts data-folder-v2')
  await make(name)
}
