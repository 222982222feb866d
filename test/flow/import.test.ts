/** Files into a hub through the real command: a dry run, several sensors, a hub killed in the middle, and taking it back. */
import { DatabaseSync } from 'node:sqlite'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  type AddedDevice
} from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

const fixtures = join(import.meta.dirname, '../fixtures/mapping')
const hub = oneHub()
let first: AddedDevice
let second: AddedDevice

interface ImportAnswer {
  importId: number
  isFinished: boolean
  rows: number
  rowsPassedOver: number
  taken: number
  repeated: number
  refused: number
}

interface ListedImport {
  importId: number
  format: string
  taken: number
  undoneAt: string | null
}

beforeAll(async () => {
  first = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
  second = await addDevice(hub.dataDir, 'Ashley Road')
})

function importing(name: string, ...more: string[]): string[] {
  return [
    'import',
    join(fixtures, `${name}.csv`),
    '--map',
    join(fixtures, `${name}.json`),
    ...more,
    ...hub.data
  ]
}

async function exported(): Promise<Record<string, unknown>[]> {
  const { stdout } = await command(['export', '--format', 'jsonl', ...hub.data])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('lamppost import --map', () => {
  it('shows in a dry run what it would take and ignore, and stores nothing', async () => {
    const { status, stdout } = await command(importing('logger', '--device', first.deviceId, '--dry-run'))
    expect(status).toBe(0)
    expect(stdout).toContain('Dry run: nothing was stored.')
    expect(stdout).toContain(`2026-01-31T23:00:00.000Z  ${first.deviceId}  temperature  5 °C  flag 1`)
    expect(stdout).toContain('15 readings from 10 rows')
    expect(stdout).toContain('The row does not fit the header.')
    expect(stdout).toContain('Ignored, because the mapping does not name them: Note.')
    expect(await exported()).toEqual([])
    expect(await commandJson(['import', 'list', ...hub.data])).toEqual([])
  })

  it('puts several sensors of one file where they belong, lists it, and takes it back', async () => {
    const devices = ['--device', `kitchen=${first.deviceId}`, '--device', `bathroom=${second.deviceId}`]
    const done = await commandJson<ImportAnswer>(importing('rooms', ...devices))
    expect(done).toMatchObject({ isFinished: true, rows: 2, taken: 8, repeated: 0, refused: 0 })
    const rows = await exported()
    expect(rows.filter((row) => row['site'] === first.siteId)).toHaveLength(4)
    expect(rows.filter((row) => row['site'] === second.siteId)).toHaveLength(4)

    const listed = await commandJson<ListedImport[]>(['import', 'list', ...hub.data])
    expect(listed.map(({ format }) => format)).toEqual([
      expect.stringMatching(/^map two-rooms [0-9a-f]{12}$/)
    ])
    const { stdout } = await command(['import', 'list', ...hub.data])
    expect(stdout).toContain('1 file (map two-rooms)  8 imported')
    await commandJson(['import', 'undo', String(done.importId), ...hub.data])
    expect(await exported()).toEqual([])
    const [undone] = await commandJson<ListedImport[]>(['import', 'list', ...hub.data])
    expect(undone?.undoneAt).not.toBeNull()

    const again = await commandJson<ImportAnswer>(importing('rooms', ...devices))
    expect(again).toMatchObject({ taken: 8, repeated: 0 })
    const twice = await commandJson<ImportAnswer>(importing('rooms', ...devices))
    expect(twice).toMatchObject({ taken: 0, repeated: 8 })
    expect(await exported()).toHaveLength(8)
    for (const { importId } of [twice, again])
      await commandJson(['import', 'undo', String(importId), ...hub.data])
    expect(await exported()).toEqual([])
  })

  it.each<[string, string[], string]>([
    ['no device', [], '--device is missing'],
    ['a device that does not say which rows', ['--device', 'd-1'], 'does not say which rows'],
    ['a key that is not there', ['--device', 'attic=d-1'], 'has no key "attic"'],
    ['a sensor that is not there', ['--device', 'kitchen=d-none'], 'There is no sensor "d-none"'],
    [
      'one sensor for two keys',
      ['--device', 'kitchen=d-1', '--device', 'bathroom=d-1'],
      'Each key needs its own sensor'
    ],
    [
      'a format beside the mapping',
      ['--device', 'kitchen=d-1', '--format', 'lamppost-csv'],
      'exclude each other'
    ]
  ])('refuses %s as wrong use', async (_what, args, message) => {
    const { status, stderr } = await command(importing('rooms', ...args))
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })

  it('names the member of a mapping that is wrong, and the column that a file lacks', async () => {
    const mapping = join(hub.path, 'wrong.json')
    writeFileSync(mapping, '{"name":"wrong","time":{"columns":["t"],"format":"X","label":"now"}}')
    const logger = join(fixtures, 'logger.csv')
    const wrong = await command(['import', logger, '--map', mapping, '--device', first.deviceId, ...hub.data])
    expect(wrong).toMatchObject({ status: 2 })
    expect(wrong.stderr).toContain('wrong.json: time/label: must be one of "start", "middle", "end"')

    const other = join(fixtures, 'station.csv')
    const args = [
      'import',
      other,
      '--map',
      join(fixtures, 'logger.json'),
      '--device',
      first.deviceId,
      ...hub.data
    ]
    const misfit = await command(args)
    expect(misfit).toMatchObject({ status: 1 })
    expect(misfit.stderr).toContain('its line 4 has no column "Time"')
    expect(misfit.stderr.trim()).not.toContain('\n')
    const unfinished = await commandJson<{ finishedAt: string | null }[]>(['import', 'list', ...hub.data])
    expect(unfinished.filter(({ finishedAt }) => finishedAt === null)).toEqual([])
  })
})

describe('a hub killed in the middle of an import', () => {
  const count = 400_000
  const from = Date.UTC(2024, 0, 1)

  it('goes on where it was, and has every reading once', async () => {
    const file = join(hub.path, 'seconds.csv')
    const rows = Array.from({ length: count }, (_, i) => `${from / 1000 + i},${40 + (i % 300) / 10}`)
    writeFileSync(file, ['at,level', ...rows].join('\n') + '\n')
    const mapping = join(hub.path, 'seconds.json')
    writeFileSync(
      mapping,
      JSON.stringify({
        name: 'seconds',
        time: { columns: ['at'], format: 'X', label: 'start' },
        intervalS: 1,
        values: [{ column: 'level', quantity: 'laeq', unit: 'dBA' }]
      })
    )
    const args = ['import', file, '--map', mapping, '--device', first.deviceId, ...hub.data]

    const running = command(args)
    const broken = await eventually(
      async () => startedImport(),
      (record) => record.taken > 0
    )
    await hub.process.kill()
    const outcome = await running
    expect(outcome).toMatchObject({ status: 1 })
    expect(outcome.stderr).toContain('The hub stopped before the command was done.')
    expect(broken.taken).toBeGreaterThan(0)
    expect(broken.finishedAt).toBeNull()

    await hub.restart()
    const done = await commandJson<ImportAnswer>(args)
    expect(done).toMatchObject({ importId: broken.importId, isFinished: true, refused: 0 })
    expect(done.rowsPassedOver).toBeGreaterThan(0)
    expect(done.rows + done.rowsPassedOver).toBe(count)
    expect(done.taken + done.repeated).toBe(count)

    const times = (await exported()).map((row) => row['time'])
    expect(times).toHaveLength(count)
    expect(new Set(times).size).toBe(count)
    const undone = await commandJson<{ removed: number }>([
      'import',
      'undo',
      String(done.importId),
      ...hub.data
    ])
    expect(undone.removed).toBe(count)
  })

  /** Straight from the registry's file: a command takes as long to start as a good part of the import. */
  function startedImport(): { importId: number; taken: number; finishedAt: number | null } {
    const db = new DatabaseSync(join(hub.dataDir, 'registry.sqlite'), { readOnly: true })
    try {
      const row = db
        .prepare('SELECT importId, taken, finishedAt FROM imports WHERE format LIKE ?')
        .get('map seconds %')
      const finishedAt = row?.['finishedAt']
      return {
        importId: Number(row?.['importId']),
        taken: Number(row?.['taken'] ?? 0),
        finishedAt: typeof finishedAt === 'number' ? finishedAt : null
      }
    } finally {
      db.close()
    }
  }
})
