/** Parquet from a real hub, over HTTP and by command: every row once, and indoor ones only for whoever holds the folder. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it, onTestFinished } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  connectDevice,
  eventually,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'

async function rowsOf(file: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const sql = `SELECT street, device, quantity, value, unit, flag, reason FROM '${file}' ORDER BY device, time`
  const rows = await (await connection.run(sql)).getRows()
  connection.closeSync()
  instance.closeSync()
  return rows
}

it('comes over HTTP without homes, and whole by command', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => folder.remove())
  const hub = await startHubProcess(join(folder.path, 'data'))
  onTestFinished(() => void hub.stop())
  const outdoor = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
  const indoor = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-12')
  for (const { username, password, topic } of [outdoor, indoor]) {
    const client = await connectDevice(hub, { username, password })
    await client.publishAsync(topic, '{"pm2_5":8.1}', { qos: 1 })
    await client.publishAsync(topic, '{"humidity":140}', { qos: 1 })
    await client.endAsync()
  }
  const rows = (deviceId: string): unknown[] => [
    ['ashley-road', deviceId, 'pm2_5', 8.1, 'µg/m³', 1, 'unjudged'],
    ['ashley-road', deviceId, 'humidity', 140, '%', 4, 'outOfRange']
  ]

  const file = join(folder.path, 'public.parquet')
  const download = async (): Promise<unknown[]> => {
    const answer = await fetch(`${hub.url}/api/v1/readings?format=parquet`)
    expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    return rowsOf(file)
  }
  const downloaded = await eventually(download, (found) => found.length === 2)
  expect(downloaded).toEqual(rows(outdoor.deviceId))

  const own = join(folder.path, 'own.parquet')
  const { status, stdout } = await command([
    'export',
    '--format',
    'parquet',
    '-o',
    own,
    '--data',
    hub.dataDir
  ])
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^4 readings\.\n$/)])
  expect(await rowsOf(own)).toEqual(
    [outdoor.deviceId, indoor.deviceId].toSorted().flatMap((deviceId) => rows(deviceId))
  )

  const unnamed = await command(['export', '--format', 'parquet', '--data', hub.dataDir])
  expect([unnamed.status, unnamed.stderr]).toEqual([2, expect.stringContaining('-o FILE')])
})
