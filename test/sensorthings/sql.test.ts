/** What SensorThings finds, row by row, against the same questions in SQL over the same data: on either store. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionOf } from '../../model/quantity.ts'
import { toIso } from '../../model/time.ts'
import type { Store } from '../../store/promise/store.ts'
import { timezone } from '../support/api-hub.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { outside } from '../support/outside.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { openStaRig, type Json, type StaRig } from './rig.ts'
import { queries, type Query } from './sql-queries.ts'

/** What a row is known by, in both answers. */
type Row = readonly string[]

async function tableOf({ readings, outdoor, rig }: StaRig): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`CREATE TABLE observations (measured TIMESTAMP, result DOUBLE, flag INTEGER, quantity VARCHAR,
    label VARCHAR, unit VARCHAR, thing VARCHAR, street VARCHAR, streetName VARCHAR)`)
  const { registry } = rig.hub
  const sites = new Map(outdoor.map(({ siteId }) => [siteId, registry.site(siteId)!]))
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const rows = readings.map(({ siteId, quantity, measuredAt, value, flag }) => {
    const { name, streetId } = sites.get(siteId)!
    const { label, unit } = definitionOf(quantity)
    const at = toIso(measuredAt).replace('T', ' ').replace('Z', '')
    const texts = [quantity, label, unit, name, streetId, registry.street(streetId)!.name].map(quoted)
    return `(TIMESTAMP '${at}', ${value}, ${flag}, ${texts.join(', ')})`
  })
  await connection.run(`INSERT INTO observations VALUES ${rows.join(', ')}`)
  return connection
}

const columnsOf = {
  Observations: 'epoch_ms(measured)::BIGINT::VARCHAR, result::VARCHAR, flag::VARCHAR, quantity, thing',
  Datastreams: 'quantity, thing',
  Things: 'thing'
} as const

async function inSql(connection: DuckDBConnection, { of, where = 'true', order }: Query): Promise<Row[]> {
  const from = of === 'Observations' ? '' : 'DISTINCT '
  const sql = order
    ? `SELECT ${columnsOf[of]} FROM (SELECT ${from}${of === 'Observations' ? '*' : of === 'Things' ? 'thing' : 'quantity, thing'} FROM observations WHERE ${where}) ORDER BY ${order}`
    : `SELECT ${from}${columnsOf[of]} FROM observations WHERE ${where}`
  const reader = await connection.runAndReadAll(sql)
  return reader.getRows().map((row) => row.map(canonical))
}

/** "7.0" and "7" are one number. */
function canonical(value: unknown): string {
  const text = String(value)
  return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text
}

function asked(sta: StaRig) {
  const names = new Map<string, { quantity: string; thing: string }>()
  return {
    async learn(): Promise<void> {
      for (const { Thing, properties, ...one } of (await sta.get('/Datastreams?$expand=Thing'))
        .value as Json[])
        names.set(String(one['@iot.id']), { quantity: properties.quantity, thing: Thing.name })
    },
    async rows({ of, filter, orderby }: Query): Promise<Row[]> {
      const options = [
        ...(filter === undefined ? [] : [`$filter=${filter}`]),
        ...(orderby === undefined ? [] : [`$orderby=${orderby}`])
      ]
      if (of !== 'Observations') {
        const { value } = await sta.get(
          `/${of}?${[...options, '$top=1000', '$expand=Thing'].slice(0, of === 'Things' ? -1 : undefined).join('&')}`
        )
        return (value as Json[]).map((one) =>
          of === 'Things' ? [one['name']] : [one['properties'].quantity, one['Thing'].name]
        )
      }
      const { value } = await sta.get(
        `/Observations?${[...options, '$top=10000', '$select=phenomenonTime,result,resultQuality,Datastream,id', '$expand=Datastream($select=id)'].join('&')}`
      )
      return (value as Json[]).map(({ phenomenonTime, result, resultQuality, Datastream }) => {
        const { quantity, thing } = names.get(String(Datastream['@iot.id']))!
        return [
          String(Date.parse(phenomenonTime)),
          String(result),
          String(resultQuality.flag),
          quantity,
          thing
        ]
      })
    },
    async count({ of, filter }: Query): Promise<number> {
      const page = await sta.get(
        `/${of}?$top=0&$count=true${filter === undefined ? '' : `&$filter=${filter}`}`
      )
      return page['@iot.count'] as number
    }
  }
}

function sameAsSql(name: string, openStore: (folder: string) => Promise<Store>): void {
  describe(`${name} finds what SQL finds`, () => {
    let sta: StaRig
    let connection: DuckDBConnection
    let ask: ReturnType<typeof asked>
    beforeAll(async () => {
      sta = await openStaRig(openStore)
      connection = await tableOf(sta)
      ask = asked(sta)
      await ask.learn()
    }, 60_000)
    afterAll(async () => {
      connection.closeSync()
      await sta.close()
    })

    it('for a hundred queries and more', () => expect(queries.length).toBeGreaterThanOrEqual(100))

    it.each(
      queries.map((query) => [`${query.of} ${query.filter ?? ''} ${query.orderby ?? ''}`, query] as const)
    )('%s', async (_what, query) => {
      const [found, wanted] = [await ask.rows(query), await inSql(connection, query)]
      const sorted = (rows: readonly Row[]): string[] => rows.map((row) => row.join(' ')).toSorted()
      expect(sorted(found)).toEqual(sorted(wanted))
      expect(await ask.count(query)).toBe(wanted.length)
      if (query.order) await expectOrder(connection, query, found)
    })
  })
}

/** Rows that are equal by what they are ordered by may stand either way: so the order's own values are compared. */
async function expectOrder(connection: DuckDBConnection, query: Query, found: readonly Row[]): Promise<void> {
  const keys = query.order!.replace(/ (DESC|ASC)/g, '')
  const columns =
    query.of === 'Observations' ? 'epoch_ms(measured), result, flag, quantity, thing' : columnsOf[query.of]
  const all = await connection.runAndReadAll(`SELECT DISTINCT ${columns}, ${keys} FROM observations`)
  const width = columns.split(/, (?![^(]*\))/).length
  const keyOf = new Map(
    all
      .getRows()
      .map((row) => [row.slice(0, width).map(canonical).join(' '), row.slice(width).map(canonical).join(' ')])
  )
  const wanted = await inSql(connection, query)
  const keysOf = (rows: readonly Row[]): (string | undefined)[] => rows.map((row) => keyOf.get(row.join(' ')))
  expect(keysOf(found)).toEqual(keysOf(wanted))
}

sameAsSql('DuckDB', (folder) => openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone }))

const influx = outside('influx')

describe.skipIf(!influx.present)(`with InfluxDB (${influx.line})`, () => {
  let server: InfluxServer
  beforeAll(async () => {
    server = await anyInflux()
  })
  afterAll(() => server.close())

  sameAsSql('InfluxDB', async (folder) =>
    openInflux(server, { bucket: await makeInfluxBucket(server), stateFile: join(folder, 'influx.sqlite') })
  )
})
