/** All readings taken from the data folder into InfluxDB and back: nothing is lost, doubled or changed, and undo still means the same. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addStreetAndDevice,
  command,
  connectDevice,
  influxSettings,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type CommandOutcome
} from '../support/hub-process.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'

const influxd = outside('influxd')
const firstAt = Date.UTC(2026, 0, 1)
const minutesInFile = 3_000

describe.skipIf(!influxd.present)(`lamppost migrate (${influxd.line})`, () => {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  let server: InfluxdProcess
  let device: AddedDevice
  let toInflux: NodeJS.ProcessEnv
  /** The settings of InfluxDB, with readings in the data folder. */
  let withInflux: NodeJS.ProcessEnv
  let before = ''

  const run = (words: string, env: NodeJS.ProcessEnv): Promise<CommandOutcome> =>
    command([...words.split(' '), '--data', dataDir], env)
  const csv = async (env: NodeJS.ProcessEnv): Promise<string> => (await run('export', env)).stdout
  const duckdb = { LAMPPOST_STORE: 'duckdb' }

  /** Live readings, an import that replaces some of them, and a live one that came late for an imported place. */
  beforeAll(async () => {
    server = await startInfluxd()
    toInflux = influxSettings(server, dataDir)
    withInflux = { ...toInflux, ...duckdb }
    const hub = await startHubProcess(dataDir, [], duckdb)
    device = await addStreetAndDevice(dataDir, 'Ashley Road', '--interval', '60')
    const client = await connectDevice(hub, device)
    const publish = (n: number, value: number): Promise<unknown> =>
      client.publishAsync(device.topic, JSON.stringify({ at: timeOf(n), pm2_5: value, humidity: 140 }), {
        qos: 1
      })
    for (let n = 0; n < 100; n++) await publish(n, n / 7)
    const file = join(folder.path, 'archive.csv')
    const rows = Array.from(
      { length: minutesInFile },
      (_, n) =>
        `${timeOf(n + 50)},ashley-road,${device.siteId},${device.deviceId},pm2_5,${50 + n / 3},µg/m³,1,,${timeOf(n + 50)}`
    )
    writeFileSync(
      file,
      ['time,street,site,device,quantity,value,unit,flag,reason,received', ...rows, ''].join('\r\n')
    )
    const imported = await run(`import ${file} --format lamppost-csv --device ${device.deviceId}`, duckdb)
    expect(imported.status, imported.stderr).toBe(0)
    await publish(60, 9.75)
    client.end(true)
    expect(await hub.stop()).toBe(0)
    before = await csv(duckdb)
    expect(before.trimEnd().split('\r\n').length).toBe(1 + 50 + minutesInFile + 100)
  })

  afterAll(async () => {
    await server?.close()
    folder.remove()
  })

  it('refuses to begin anew where the readings are in the other store', async () => {
    const { status, stderr } = await run('export', toInflux)
    expect(status).toBe(2)
    expect(stderr).toContain('npx lamppost migrate --from duckdb --to influx')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['without --to', 'migrate --from duckdb', '--to is missing'],
    ['with one store twice', 'migrate --from duckdb --to duckdb', 'both duckdb'],
    ['with a store that is none', 'migrate --from mysql --to duckdb', '--from is "mysql"'],
    ['from where nothing is', 'migrate --from influx --to duckdb', 'there is no influx.sqlite']
  ])('refuses %s in one line, and changes nothing', async (_what, words, says) => {
    const { status, stderr } = await run(words, withInflux)
    expect(status).not.toBe(0)
    expect(stderr).toContain(says)
    expect(readdirSync(dataDir)).not.toContain('migrating.json')
  })

  it('says which settings are missing', async () => {
    const { status, stderr } = await run('migrate --from duckdb --to influx', duckdb)
    expect(status).toBe(2)
    expect(stderr).toContain('InfluxDB also needs INFLUX_URL, INFLUX_TOKEN, INFLUX_ORG, INFLUX_BUCKET')
  })

  it('refuses while a hub runs on the folder', async () => {
    const hub = await startHubProcess(dataDir, [], duckdb)
    const { status, stderr } = await run('migrate --from duckdb --to influx', withInflux)
    await hub.stop()
    expect(status).toBe(2)
    expect(stderr).toContain('Stop it first')
  })

  it('gives up without harm when the server is away, and goes on when it is back', async () => {
    await server.kill()
    const { status, stderr } = await run('migrate --from duckdb --to influx', withInflux)
    expect(status).toBe(1)
    expect(stderr).toContain('cannot be reached (no program is listening there)')
    expect(existsSync(join(dataDir, 'readings.duckdb'))).toBe(true)
    await server.start()
    expect(await csv(duckdb)).toBe(before)
  })

  it('takes everything into InfluxDB', async () => {
    const { status, stdout, stderr } = await run('migrate --from duckdb --to influx --json', withInflux)
    expect(status, stderr).toBe(0)
    // 50 imported readings replaced live ones, and one live reading came late for an imported place: kept aside.
    const all = 50 + minutesInFile + 100 + 50 + 1
    expect(JSON.parse(stdout)).toMatchObject({ from: 'duckdb', to: 'influx', readings: all, series: 2 })
    expect(existsSync(join(dataDir, 'readings.duckdb.migrated'))).toBe(true)
    expect(readdirSync(dataDir).filter((name) => name.includes('migrating'))).toEqual([])
    expect(await csv(toInflux)).toBe(before)
  })

  it('refuses to leave them there without a word', async () => {
    const { status, stderr } = await run('export', duckdb)
    expect(status).toBe(2)
    expect(stderr).toContain('Set LAMPPOST_STORE=influx')
  })

  it('has a hub that starts on them take nothing twice, and undo an import as ever', async () => {
    const hub = await startHubProcess(dataDir, [], toInflux)
    const replayed = JSON.parse((await run('replay --json', toInflux)).stdout) as Record<string, number>
    expect(replayed).toMatchObject({ inserted: 0, replaced: 0 })
    expect(await csv(toInflux)).toBe(before)
    expect(await hub.stop()).toBe(0)
  })

  it('takes everything back, and there the import is taken back as if nothing had been moved', async () => {
    const { status, stderr } = await run('migrate --from influx --to duckdb', withInflux)
    expect(status, stderr).toBe(0)
    expect(existsSync(join(dataDir, 'influx.sqlite.migrated'))).toBe(true)
    expect(await csv(duckdb)).toBe(before)
    expect((await run('import undo 1', duckdb)).status).toBe(0)
    const rows = (await csv(duckdb)).trimEnd().split('\r\n').slice(1)
    expect(rows).toHaveLength(200)
    const pm = rows.filter((row) => row.includes(',pm2_5,')).map((row) => Number(row.split(',')[5]))
    expect(pm).toEqual(Array.from({ length: 100 }, (_, n) => (n === 60 ? 9.75 : n / 7)))
  })
})

function timeOf(minute: number): string {
  return new Date(firstAt + minute * 60_000).toISOString()
}
