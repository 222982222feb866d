/**
 * SensorThings over a large store: 1,000 sites with two quantities each, 100 million Observations behind a real hub. The newest of
 * every Thing, counts, 35,000 Observations as arrays, and what memory they take. The readings are made in the file itself, so this
 * takes a minute or two and two gigabytes of disk: `npm run bench -- sensorthings [MILLIONS] [FOLDER]`. With a folder what was
 * written stays there, and the next run begins with it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { dayMs, minuteMs, systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { processFigures } from '../support/process-figures.ts'

const millions = Number(process.argv[2] ?? 100)
const sites = 1_000
const streets = 20
const quantities = ['pm2_5', 'laeq'] as const
const rowsEach = Math.round((millions * 1e6) / (sites * quantities.length))
const intervalMs = 10 * minuteMs
const kept = process.argv[3]
const folder = kept ?? mkdtempSync(join(tmpdir(), 'bench-sensorthings-'))
const dataDir = join(folder, 'data')
const readingsFile = join(dataDir, 'readings.duckdb')
/** Says when what is kept ends; written last, so that a folder that was left half filled is not taken for a whole one. */
const endFile = join(folder, 'until')
const isFilled = existsSync(endFile)
const until = (
  isFilled ? Number(readFileSync(endFile, 'utf8')) : Math.floor(systemClock.now() / dayMs) * dayMs
) as UnixMs
const from = (until - rowsEach * intervalMs) as UnixMs
const runs = 15

try {
  if (!isFilled) {
    mkdirSync(folder, { recursive: true })
    // Fails where it is there already: what is in it is half filled, or somebody's.
    mkdirSync(dataDir, { mode: 0o700 })
    await write(register())
    writeFileSync(endFile, String(until))
  }
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
  try {
    await measure(hub)
  } finally {
    await hub.stop()
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true })
}

function register(): Credentials[] {
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const made: Credentials[] = []
  for (let n = 0; n < sites; n++) {
    const streetId =
      n < streets ? registry.addStreet({ name: `Street ${n}` }).streetId : `street-${n % streets}`
    const intervalS = intervalMs / 1_000
    made.push(registry.addDevice({ streetId, placement: 'outdoor', intervalS, from }, systemClock.now()))
  }
  registry.close()
  return made
}

/** The first reading of each series by the store, which then knows them; the others as it would have laid them down. */
async function write(devices: readonly Credentials[]): Promise<void> {
  const store = await openDuckDbStore({ file: readingsFile, timezone: 'Europe/London' })
  for (const { deviceId } of devices) await store.setInterval(deviceId, intervalMs / 1_000)
  await store.write(
    devices.flatMap(({ siteId, deviceId }) =>
      quantities.map((quantity) => ({
        siteId,
        deviceId,
        quantity,
        measuredAt: from,
        receivedAt: from,
        value: 10,
        flag: 1 as const,
        reasons: 0,
        sequence: 1,
        importId: 0
      }))
    )
  )
  await store.close()
  const instance = await DuckDBInstance.create(readingsFile)
  const connection = await instance.connect()
  // In the order of time, a little apart, as messages come; a share of one in a hundred is flagged.
  for (let round = 1; round < rowsEach; round += 500) {
    const end = Math.min(rowsEach, round + 500)
    await connection.run(
      `INSERT INTO readings SELECT s.series, ${from} + r.n * ${intervalMs} + (s.series % 600) * 1000,
         10 + ((r.n * 7 + s.series * 3) % 400) / 10.0, CASE WHEN (r.n + s.series) % 100 = 0 THEN 3 ELSE 1 END,
         CASE WHEN (r.n + s.series) % 100 = 0 THEN 2 ELSE 0 END, 60, r.n, 0
       FROM range(${round}, ${end}) r(n), series s ORDER BY r.n, s.series % 600, s.series`
    )
  }
  await connection.run('DELETE FROM unexamined')
  await connection.run('DELETE FROM dirty')
  await rollups(connection)
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
  const count = rowsEach * sites * quantities.length
  console.log(
    `${(count / 1e6).toFixed(1)} million Observations of ${sites} sites, ${(statSync(readingsFile).size / 1e9).toFixed(2)} GB`
  )
}

/** Hours and days with what the store would count in them; of UTC, which London is now. */
async function rollups(connection: Awaited<ReturnType<DuckDBInstance['connect']>>): Promise<void> {
  for (const [table, ms] of [
    ['hours', 60 * minuteMs],
    ['days', dayMs]
  ] as const)
    await connection.run(
      `INSERT INTO ${table} SELECT c.channel, (r.time // ${ms}) * ${ms}, count(*), ${ms / intervalMs}, avg(value), min(value), max(value),
         min(value), avg(value), max(value), count(*) FILTER (flag = 1), 0, count(*) FILTER (flag = 3), 0
       FROM readings r JOIN series c USING (series) GROUP BY c.channel, r.time // ${ms}`
    )
}

async function measure(hub: HubProcess): Promise<void> {
  const base = `${hub.url}/sta/v1.1`
  const ask = async (path: string): Promise<{ ms: number; bytes: number; body: string }> => {
    const startedAt = performance.now()
    const answer = await fetch(base + path)
    const body = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`)
    return { ms: performance.now() - startedAt, bytes: body.length, body }
  }
  const [stream] = (
    JSON.parse((await ask("/Datastreams?$top=1&$filter=properties/quantity eq 'pm2_5'")).body) as {
      value: { '@iot.id': number }[]
    }
  ).value
  const memory = (): number => processFigures(hub.pid).memoryBytes / 1024 ** 2
  const one = stream!['@iot.id']
  const newest = '$orderby=phenomenonTime desc;$top=1'
  const asked: [what: string, path: string, aim: string][] = [
    [
      'the newest of every Thing, whole',
      `/Things?$top=1000&$expand=Datastreams($expand=Observations(${newest}))`,
      '≤ 200'
    ],
    [
      'the newest of every Thing, chosen properties',
      `/Things?$top=1000&$select=name&$expand=Datastreams($select=name;$expand=Observations(${newest};$select=phenomenonTime,result))`,
      '≤ 200'
    ],
    ['$count of all Observations', '/Observations?$count=true&$top=0', '≤ 100'],
    ['$count of a Datastream', `/Datastreams(${one})/Observations?$count=true&$top=0`, '≤ 100'],
    ['$count of Things', '/Things?$count=true&$top=1', '≤ 100'],
    [
      '35,000 Observations as arrays',
      `/Datastreams(${one})/Observations?$resultFormat=dataArray&$top=35000`,
      '≤ 1,000'
    ],
    [
      '…with id, time and result alone',
      `/Datastreams(${one})/Observations?$resultFormat=dataArray&$top=35000&$select=id,phenomenonTime,result`,
      '≤ 1,000'
    ],
    [
      '35,000 Observations as CSV',
      `/Datastreams(${one})/Observations?$resultFormat=CSV&$top=35000`,
      '≤ 1,000'
    ],
    ['the newest 100 of all', '/Observations?$orderby=phenomenonTime desc', ''],
    [
      'a page of a day of a street',
      `/Observations?$filter=phenomenonTime ge ${new Date(until - dayMs).toISOString()} and Datastream/Thing/properties/street eq 'street-3'`,
      ''
    ]
  ]
  const cold = memory()
  // A hub grows when it first works: caches fill, and the store takes what it is given. That is not the questions'.
  for (const [, path] of asked) for (let n = 0; n < 3; n++) await ask(path)
  const before = memory()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, memory())), 20)
  for (const [what, path, aim] of asked) {
    const answers = []
    const cpuBefore = processFigures(hub.pid)
    const ownBefore = process.cpuUsage()
    for (let n = 0; n < runs; n++) answers.push(await ask(path))
    const cpuAfter = processFigures(hub.pid)
    const cpuMs = ((cpuAfter.cpuS - cpuBefore.cpuS) / runs) * 1_000
    const mainMs = ((cpuAfter.mainThreadCpuS - cpuBefore.mainThreadCpuS) / runs) * 1_000
    const own = process.cpuUsage(ownBefore)
    const ownMs = (own.user + own.system) / 1_000 / runs
    const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b)
    const kb = (answers[0]!.bytes / 1e3).toFixed(0)
    console.log(
      `${what}: ${sorted[Math.floor(runs / 2)]!.toFixed(0)} ms (first ${answers[0]!.ms.toFixed(0)}, slowest ${sorted.at(-1)!.toFixed(0)}), processor ${cpuMs.toFixed(0)} ms of which main thread ${mainMs.toFixed(0)}, the client's ${ownMs.toFixed(0)}, ${kb} kB, memory ${memory().toFixed(0)} MB${aim && ` (aim ${aim} ms)`}`
    )
  }
  clearInterval(watch)
  console.log(
    `memory: ${cold.toFixed(0)} MB after the start, ${before.toFixed(0)} MB after three questions of each kind, at most ${most.toFixed(0)} MB, growth ${(most - before).toFixed(0)} MB (aim ≤ 50)`
  )
  console.log(
    `load of the machine: ${spawnSync('cut', ['-d ', '-f1-3', '/proc/loadavg'], { encoding: 'utf8' }).stdout.trim()}`
  )
}
