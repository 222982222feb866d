/**
 * Imports two histories as the command does, into a data folder of their own: six years of one station's hours in one file,
 * and four years of a box that archives a file a day. Measured to the end of the import, and on until hours and days are made.
 * `duckdb` or `influx` names the store; InfluxDB is measured where its binary is named (LAMPPOST_TEST_INFLUXD).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRooms, type Rooms } from '../../hub/rooms.ts'
import type { ImportFormat } from '../../ingest/import/import.ts'
import { dayMs, hourMs, secondMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { recordOf } from '../ingest/import-rig.ts'
import { influxSettings } from '../support/hub-process.ts'
import { startInfluxd } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { influxSettings as readInfluxSettings } from '../../config.ts'

interface History {
  files: string[]
  format: ImportFormat
  deviceId: string
  rows: number
}

const scratch = mkdtempSync(join(tmpdir(), 'lamppost-bench-import-'))
const asked = process.argv.slice(2)
const influxd = asked.includes('duckdb') || !outside('influxd').present ? undefined : await startInfluxd()
try {
  if (!asked.includes('influx')) await measureStore('duckdb')
  if (influxd) await measureStore('influx')
} finally {
  await influxd?.stop()
  rmSync(scratch, { recursive: true, force: true })
}

async function measureStore(store: 'duckdb' | 'influx'): Promise<void> {
  if (!asked.includes('daily')) await measure(store, 'one file of six years, hourly', hourlyFile, '≤ 10 s')
  if (!asked.includes('hourly')) await measure(store, '1,218 files, a day each', dailyFiles, '≤ 60 s')
}

async function measure(
  store: 'duckdb' | 'influx',
  name: string,
  make: (dir: string, rooms: Rooms) => History,
  aim: string
): Promise<void> {
  const dataDir = mkdtempSync(join(scratch, 'hub-'))
  const rooms = await openRooms({
    dataDir,
    timezone: 'Europe/London',
    hubName: 'Bench',
    influx: influxd && store === 'influx' ? readInfluxSettings(influxSettings(influxd, dataDir)) : null,
    log: { info: () => undefined, warn: console.warn, error: console.error },
    onFatal(cause) {
      throw cause
    }
  })
  const { files, format, deviceId, rows } = make(dataDir, rooms)
  const phases = new Map<string, number>()
  const startedAt = performance.now()
  rooms.pipeline.on('importProgress', ({ phase }) => phases.set(phase, performance.now() - startedAt))
  await rooms.pipeline.service.importFiles({
    files,
    format,
    record: recordOf(files, { importId: 1, deviceId, format: 'bench', startedAt: systemClock.now() }),
    sequence: await rooms.journal.reserveSequence()
  })
  const judgedMs = performance.now() - startedAt
  await rooms.pipeline.service.drain()
  const madeMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage()
  await rooms.close()
  const seconds = (ms: number | undefined) => ((ms ?? NaN) / secondMs).toFixed(1)
  console.log(
    `${store.padEnd(7)} ${name} (${rows.toLocaleString('en')} rows): looked ${seconds(phases.get('looking'))}, read ${seconds(phases.get('reading'))}, ` +
      `judged ${seconds(judgedMs)}, hours and days ${seconds(madeMs)} s  (aim ${aim}; process ${((user + system) / 1e6).toFixed(1)} s so far)`
  )
}

/** 51,538 rows, six quantities each. */
function hourlyFile(dir: string, { registry }: Rooms): History {
  const rows = 51_538
  const from = Date.UTC(2020, 0, 1) as UnixMs
  const walk = walker(1)
  const lines = ['time;NO2;O3;PM10;PM2.5;T;RH']
  for (let i = 0; i < rows; i++) {
    const time = toIso((from + i * hourMs) as UnixMs)
      .slice(0, 16)
      .replace('T', ' ')
    const [no2, o3, pm10] = [walk(40, 12), walk(50, 15), walk(20, 8)]
    lines.push([time, no2, o3, pm10, (Number(pm10) * 0.6).toFixed(1), walk(11, 6), walk(75, 12)].join(';'))
  }
  const file = join(dir, 'hourly.csv')
  writeFileSync(file, lines.join('\n') + '\n')
  const value = (column: string, quantity: string, unit: string) => ({ column, quantity, unit })
  const deviceId = addDevice(registry)
  return {
    files: [file],
    deviceId,
    rows,
    format: {
      devices: { '': deviceId },
      mapping: {
        name: 'bench',
        delimiter: ';',
        time: { columns: ['time'], format: 'YYYY-MM-DD HH:mm', offset: '+00:00', label: 'start' },
        values: [
          value('NO2', 'no2', 'ug/m3'),
          value('O3', 'o3', 'ug/m3'),
          value('PM10', 'pm10', 'ug/m3'),
          value('PM2.5', 'pm2_5', 'ug/m3'),
          value('T', 'temperature', 'Cel'),
          value('RH', 'humidity', '%')
        ]
      }
    }
  }
}

/** 688,095 rows, two quantities each, about every 153 s. */
function dailyFiles(dir: string, { registry }: Rooms): History {
  const [days, rowsTotal] = [1_218, 688_095]
  const from = Date.UTC(2022, 0, 1)
  const walk = walker(2)
  const folder = join(dir, 'daily')
  mkdirSync(folder)
  const files: string[] = []
  let rows = 0
  for (let day = 0; day < days; day++) {
    const lines = ['sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2']
    const count = Math.round((rowsTotal * (day + 1)) / days) - rows
    rows += count
    const stepMs = dayMs / count
    for (let i = 0; i < count; i++) {
      const time = new Date(from + day * dayMs + Math.floor((i * stepMs) / secondMs) * secondMs)
        .toISOString()
        .slice(0, 19)
      const p1 = walk(20, 8)
      lines.push(`15;SDS011;3;51.450;-2.600;${time};${p1};;;${(Number(p1) * 0.6).toFixed(2)};;`)
    }
    const file = join(
      folder,
      `${new Date(from + day * dayMs).toISOString().slice(0, 10)}_sds011_sensor_15.csv`
    )
    writeFileSync(file, lines.join('\n') + '\n')
    files.push(file)
  }
  return { files, deviceId: addDevice(registry), rows, format: 'sensor-community-csv' }
}

function addDevice(registry: Rooms['registry']): string {
  const now = systemClock.now()
  const { streetId } = registry.addStreet({ name: 'Mina Road' })
  return registry.addDevice({ streetId, placement: 'outdoor' }, now).deviceId
}

/** A seeded walk that returns to its middle. */
function walker(seed: number): (middle: number, spread: number) => string {
  let state = seed
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
  const at = new Map<number, number>()
  return (middle, spread) => {
    const before = at.get(middle) ?? middle
    const next = Math.max(1, before + (middle - before) * 0.05 + (random() - 0.5) * spread * 0.3)
    at.set(middle, next)
    return next.toFixed(2)
  }
}
