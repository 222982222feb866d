/** Datasets: what is in one, what programs make of it, and that it goes with what was erased. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetList } from '../../contract/dataset.ts'
import type { DatasetManifest } from '../../documents/dataset/datasets.ts'
import type { Credentials } from '../../registry/registry.ts'
import { at, hoursBefore, openTestHub, start, steady, type TestHub } from '../support/api-hub.ts'
import { outside } from '../support/outside.ts'
import { readerWith } from '../support/reader-with.ts'

let hub: TestHub
let folder = ''
let first: DatasetManifest
let elm: Credentials
let oak: Credentials
let room: Credentials

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-dataset-'))
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Elm Road' })
  elm = hub.addSite('elm-road')
  oak = hub.addSite('elm-road')
  room = hub.addSite('elm-road', 'indoor', { homeId: 'number-12' })
  const from = at('2026-10-30T00:00:00Z')
  hub.store([
    ...steady(elm, 'pm2_5', from, start, 8.25),
    ...steady(elm, 'humidity', hoursBefore(start, 10), start, 71.5),
    ...steady(oak, 'pm2_5', hoursBefore(start, 10), start, 12),
    ...steady(room, 'humidity', hoursBefore(start, 10), start, 66.6)
  ])
})
afterAll(async () => {
  await hub.close()
  await rm(folder, { recursive: true })
})

const get = (url: string, headers: Record<string, string> = {}) => hub.app.inject({ url, headers })

describe('/datasets', () => {
  it('is a list also while there is none, and a page for a browser', async () => {
    expect((await get('/datasets')).json()).toEqual({ datasets: [] })
    const page = await get('/datasets', { accept: 'text/html' })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('There is no dataset yet')
    expect((await get('/datasets/2026-11-30')).json()).toMatchObject({ status: 404, code: 'datasetUnknown' })
  })

  it('has what is public as files that stay as they are', async () => {
    first = await hub.datasets.make(() => undefined, join(folder, 'copy'))
    expect(first).toMatchObject({ version: '2026-11-23', sites: 2, replaces: null })
    expect(first.files.map(({ path }) => path)).toEqual([
      'readings/quantity=pm2_5/month=2026-10/readings.parquet',
      'csv/readings/quantity=pm2_5/month=2026-10/readings.csv',
      'readings/quantity=pm2_5/month=2026-11/readings.parquet',
      'csv/readings/quantity=pm2_5/month=2026-11/readings.csv',
      'readings/quantity=humidity/month=2026-11/readings.parquet',
      'csv/readings/quantity=humidity/month=2026-11/readings.csv',
      'sites.csv',
      'corrections.csv',
      'homes.csv',
      'methods.json',
      'CHANGES.md',
      'CITATION.cff',
      'README.md',
      'datapackage.json',
      'SHA256SUMS'
    ])
    for (const { path, sha256 } of first.files) {
      const file = readFileSync(join(folder, 'copy', path))
      expect(createHash('sha256').update(file).digest('hex'), path).toBe(sha256)
      expect(file.includes(room.siteId) || file.includes(room.deviceId), path).toBe(false)
    }
    const { datasets } = (await get('/datasets')).json<DatasetList>()
    expect(datasets).toMatchObject([{ version: '2026-11-23', rows: first.rows, withdrawn: null }])
  })

  it('is read by DuckDB by quantity and month, with the rows of its CSV twins', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const root = join(folder, 'copy')
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    const table = `SELECT strftime(time, '%Y-%m-%d %H:%M') AS minute, site, device, quantity, value, flag::INTEGER AS flag`
    const parquet = await ask(
      `SET TimeZone = 'UTC'; ${table} FROM read_parquet('${root}/readings/*/*/*.parquet', hive_partitioning = true) ORDER BY ALL`
    )
    const csv = await ask(
      `SET TimeZone = 'UTC'; ${table} FROM read_csv('${root}/csv/readings/*/*/*.csv', hive_partitioning = false) ORDER BY ALL`
    )
    expect(parquet).toHaveLength(first.rows)
    expect(parquet).toEqual(csv)
  })

  it('says what it is to search engines, data portals and those who cite it', async () => {
    const page = await get(`/datasets/${first.version}`, { host: 'localhost' })
    const data = /<script type="application\/ld\+json">(.*)<\/script>/.exec(page.body)?.[1] ?? ''
    expect(JSON.parse(data)).toMatchObject({
      '@type': 'Dataset',
      license: 'https://creativecommons.org/licenses/by/4.0/',
      version: first.version,
      creator: { name: 'Testing Town' }
    })
    const catalogue = await get('/datasets/catalog.jsonld')
    expect(catalogue.headers['content-type']).toContain('application/ld+json')
    expect(catalogue.json()).toMatchObject({
      '@type': 'dcat:Catalog',
      'dcat:dataset': [{ 'dcat:version': first.version }]
    })
    const citation = await get(`/datasets/${first.version}/CITATION.cff`)
    expect(citation.body).toContain('license: CC-BY-4.0')
    expect(citation.body).toContain('version: "2026-11-23"')
  })

  it('gives files in parts, and not again to who has them', async () => {
    const { path, sha256, bytes } = first.files[0]!
    const url = `/datasets/${first.version}/${path}`
    const whole = await get(url)
    expect(whole.headers).toMatchObject({ etag: `"${sha256}"`, 'content-length': `${bytes}` })
    const half = Math.floor(bytes / 2)
    const rest = await get(url, { range: `bytes=${half}-`, 'if-range': `"${sha256}"` })
    expect(rest.statusCode).toBe(206)
    expect(rest.headers['content-range']).toBe(`bytes ${half}-${bytes - 1}/${bytes}`)
    expect(
      Buffer.concat([whole.rawPayload.subarray(0, half), rest.rawPayload]).equals(whole.rawPayload)
    ).toBe(true)
    expect((await get(url, { range: 'bytes=-4' })).body).toBe('PAR1')
    expect((await get(url, { range: 'bytes=0-1', 'if-range': '"another"' })).statusCode).toBe(200)
    expect((await get(url, { 'if-none-match': `"${sha256}"` })).statusCode).toBe(304)
    expect((await get(url, { range: `bytes=${bytes}-` })).json()).toMatchObject({
      code: 'rangeUnsatisfiable'
    })
    expect((await hub.app.inject({ url, method: 'HEAD' })).headers['content-length']).toBe(`${bytes}`)
    expect((await get(`/datasets/${first.version}/..%2f..%2fregistry.sqlite`)).statusCode).toBe(404)
  })

  const frictionless = outside('frictionless')
  it.skipIf(!frictionless.present)(`is valid to ${frictionless.line}`, () => {
    const program = [
      'import json, sys',
      'from frictionless import Package, validate',
      'report = validate(sys.argv[1])',
      'package = Package(sys.argv[1])',
      'rows = sum(len(r.read_rows()) for r in package.resources if r.name.startswith("readings-") and r.format == "csv")',
      'print(json.dumps({"valid": report.valid, "errors": report.flatten(["message"])[:5], "tasks": len(report.tasks), "rows": rows}))'
    ].join('\n')
    const descriptor = join(folder, 'copy', 'datapackage.json')
    const { stdout, stderr } = spawnSync(frictionless.path, ['-c', program, descriptor], { encoding: 'utf8' })
    expect(JSON.parse(stdout || `{"failed": ${JSON.stringify(stderr)}}`)).toEqual({
      valid: true,
      errors: [],
      tasks: expect.any(Number),
      rows: first.rows
    })
  })

  it('is withdrawn with what was erased, and made again without it', async () => {
    const second = await hub.datasets.make(() => undefined)
    expect(second.version).toBe('2026-11-23.2')
    expect(second.files.find(({ path }) => path === 'CHANGES.md')).toBeDefined()
    expect((await get(`/datasets/${second.version}/CHANGES.md`)).body).toContain('No part differs.')
    await hub.datasets.withdraw([room.siteId])
    expect((await get('/datasets')).json<DatasetList>().datasets.map(({ withdrawn }) => withdrawn)).toEqual([
      null,
      null
    ])
    await hub.datasets.withdraw([oak.siteId])
    expect((await get(`/datasets/${first.version}`)).json()).toMatchObject({
      status: 410,
      code: 'datasetWithdrawn'
    })
    expect((await get(`/datasets/${first.version}/sites.csv`)).statusCode).toBe(410)
    await hub.datasets.remake()
    const { datasets } = (await get('/datasets')).json<DatasetList>()
    expect(
      datasets.map(({ version, replaces, withdrawn }) => [version, replaces, withdrawn !== null])
    ).toEqual([
      ['2026-11-23.4', '2026-11-23.2', false],
      ['2026-11-23.3', '2026-11-23', false],
      ['2026-11-23.2', null, true],
      ['2026-11-23', null, true]
    ])
    expect((await get(`/datasets/${first.version}`)).json<{ detail: string }>().detail).toContain(
      '2026-11-23.3'
    )
  })

  it('is withdrawn with a place that became private, before anybody is served it', async () => {
    const [newest] = (await get('/datasets')).json<DatasetList>().datasets
    const url = `${newest!.url}/sites.csv`
    expect((await get(url)).body).toContain(elm.siteId)
    hub.registry.makePrivate(elm.siteId, 'number-14', start)
    expect((await get(url)).json()).toMatchObject({ status: 410, code: 'datasetWithdrawn' })
    await hub.datasets.remake()
    for (const { url: each, withdrawn } of (await get('/datasets')).json<DatasetList>().datasets)
      if (withdrawn === null) expect((await get(`${each}/sites.csv`)).body, each).not.toContain(elm.siteId)
  })

  it('is begun only once nothing is being erased', async () => {
    const { promise: erased, resolve: end } = Promise.withResolvers<void>()
    let isRead = false
    const own = await openTestHub({
      erased: () => erased,
      reader: (readings) =>
        readerWith(readings, {
          reach: (...asked) => {
            isRead = true
            return readings.reach(...asked)
          }
        })
    })
    own.registry.addStreet({ name: 'Elm Road' })
    own.addSite('elm-road')
    const making = own.datasets.make(() => undefined)
    await new Promise(setImmediate)
    expect(isRead).toBe(false)
    end()
    expect(await making).toMatchObject({ version: '2026-11-23', sites: 1 })
    expect(isRead).toBe(true)
    await own.close()
  })

  it('is withdrawn with a day of homes that was withdrawn, and made again without it', async () => {
    const own = await openTestHub()
    own.registry.addStreet({ name: 'Elm Road' })
    const homes = ['a', 'b', 'c', 'd', 'e'].map((homeId) =>
      own.addSite('elm-road', 'indoor', { homeId, streetConsent: true })
    )
    own.store(homes.flatMap((home) => steady(home, 'humidity', at('2026-11-18T00:00:00Z'), start, 63)))
    await own.daysOut()
    const days = async (version: string) => {
      const table = await own.app.inject(`/datasets/${version}/homes.csv`)
      const [names, ...rows] = table.body.trim().split('\n')
      return rows.map((row) => row.split(',')[names!.split(',').indexOf('date')])
    }
    const before = await own.datasets.make(() => undefined)
    const known = await days(before.version)
    expect(known).toContain('2026-11-19')
    own.registry.withdrawDay('elm-road', '2026-11-19', start)
    expect((await own.app.inject(`/datasets/${before.version}/homes.csv`)).statusCode).toBe(410)
    await own.datasets.remake()
    const [after] = own.datasets.list()
    expect(await days(after!.version)).toEqual(known.filter((date) => date !== '2026-11-19'))
    // What is made again is whole, and stays.
    expect(own.datasets.withdrawStale()).toBe(false)
    await own.close()
  })
})
