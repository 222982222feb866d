/** Bits that a disk flips: whatever would be answered otherwise is named by the doctor, and what is read is as it was written. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileNames } from '../../hub/data-folder.ts'
import { groupChecksum, unpackGroup } from '../../journal/group.ts'
import { asGroup, asHeader } from '../../journal/rows.ts'
import { examineFiles } from '../../operate/doctor/files.ts'
import type { Finding } from '../../operate/doctor/finding.ts'
import { Database, rowsOf } from '../../store/duckdb/file/database.ts'
import { systemClock } from '../../model/time.ts'
import { temporaryFolder } from '../support/hub-process.ts'
import { openHubRooms, send } from '../support/hub-rooms.ts'
import { numberedPayload } from '../support/numbered-readings.ts'
import { randomFrom } from '../support/random.ts'

/** 10 with every change; `npm run soak` asks for 100. Another seed makes other flips. */
const flips = Number(process.env['LAMPPOST_TEST_FLIPS'] ?? 10)
const seed = Number(process.env['LAMPPOST_TEST_SEED'] ?? 20_261_130)
const timezone = 'Europe/London'
const folder = temporaryFolder()
afterAll(() => folder.remove())
const whole = join(folder.path, 'whole')
const flipped = join(folder.path, 'flipped')

beforeAll(async () => {
  const rooms = await openHubRooms(whole, timezone)
  rooms.registry.addStreet({ name: 'Ashley Road' })
  const { deviceId } = rooms.registry.addDevice(
    { streetId: 'ashley-road', placement: 'outdoor', intervalS: 60 },
    systemClock.now()
  )
  await rooms.directoryTold()
  for (let n = 0; n < 60; n++) {
    const some = Array.from({ length: 20 }, (_, i) => JSON.parse(numberedPayload(20 * n + i)) as object)
    await send(rooms, deviceId, some)
  }
  await rooms.pipeline.service.drain()
  await rooms.close()
})

/** What somebody gets who asks; undefined where the file gives nothing any more. */
type Contents = string[] | undefined

function messagesIn(path: string): Contents {
  const db = new DatabaseSync(join(path, fileNames.journal), { readOnly: true })
  try {
    return db
      .prepare('SELECT * FROM groups ORDER BY first')
      .all()
      .flatMap((row) => {
        const header = asHeader(row)
        const { crc, body } = asGroup(row)
        // As a reader does.
        return groupChecksum(header, body) === crc ? unpackGroup(header, body, 0, header.count) : []
      })
      .map(({ payload, ...rest }) => JSON.stringify([rest, Buffer.from(payload).toString('latin1')]))
  } catch {
    return undefined // It could not be read, which the doctor must say.
  } finally {
    db.close()
  }
}

async function rowsIn(path: string): Promise<Contents> {
  let database: Database | undefined
  try {
    database = await Database.open({ file: join(path, fileNames.readings), memoryMb: 128 })
    const { writer } = database
    const tables = await rowsOf(writer, 'SELECT table_name FROM duckdb_tables() ORDER BY ALL')
    const contents: string[] = []
    for (const [name] of tables) {
      const rows = await rowsOf(writer, `SELECT * FROM "${String(name)}" ORDER BY ALL`)
      contents.push(...rows.map((row) => `${String(name)}: ${row.map(String).join()}`))
    }
    return contents
  } catch {
    return undefined // It could not be read, which the doctor must say.
  } finally {
    database?.close()
  }
}

function contentsOf(path: string, file: string): Contents | Promise<Contents> {
  return file === fileNames.journal ? messagesIn(path) : rowsIn(path)
}

async function doctorSays(path: string, file: string): Promise<Finding['state']> {
  const { findings } = await examineFiles(path, { timezone, influx: null }, undefined, () => undefined)
  return findings.find(({ what }) => what === file)?.state ?? 'bad'
}

function copyWithFlip(file: string, bit: number | undefined): void {
  rmSync(flipped, { recursive: true, force: true })
  mkdirSync(flipped, { mode: 0o700 })
  cpSync(whole, flipped, { recursive: true })
  if (bit === undefined) return
  const bytes = readFileSync(join(flipped, file))
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  writeFileSync(join(flipped, file), bytes)
}

describe.each([fileNames.journal, fileNames.readings])(`${flips / 2} bits that flip in %s`, (file) => {
  it('are named where they change an answer, and nothing is given that was never written', async () => {
    const random = randomFrom(seed)
    copyWithFlip(file, undefined)
    const before = await contentsOf(flipped, file)
    expect(before?.length).toBeGreaterThan(50)
    expect(await doctorSays(flipped, file)).toBe('ok')
    const counts = { named: 0, harmless: 0 }
    const wrong: string[] = []
    const bits = 8 * readFileSync(join(whole, file)).length
    for (let flip = 0; flip < flips / 2; flip++) {
      const bit = Math.floor(random() * bits)
      copyWithFlip(file, bit)
      const after = await contentsOf(flipped, file)
      copyWithFlip(file, bit)
      const state = await doctorSays(flipped, file)
      const isSame = after !== undefined && JSON.stringify(after) === JSON.stringify(before)
      if (state === 'bad') counts.named++
      else if (isSame) counts.harmless++
      else wrong.push(`bit ${bit} changes what is answered, and nobody says so`)
      const written = new Set(before)
      if (after?.some((one) => !written.has(one)))
        wrong.push(`after bit ${bit} something is given that was never written`)
    }
    process.stdout.write(
      `${file}: ${counts.named} flips named, ${counts.harmless} without effect, ${wrong.length} missed.\n`
    )
    expect(wrong).toEqual([])
  })
})
