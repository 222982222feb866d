/** A hub starts on the folder that a power cut left, and what it says is held against what was known before the cut. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readManifest, unpack } from '../../operate/backup/archive.ts'
import { eventually, startHubProcess } from '../support/hub-process.ts'
import { numberOf } from '../support/numbered-readings.ts'
import { foundInFiles } from '../support/planted.ts'
import { ask } from './ask.ts'
import { importFrom, importRow, type Known, type Sender } from './known.ts'

interface Row {
  time: string
  street: string
  device: string
  quantity: string
  value: number
}

/** Gives what is wrong; nothing, if all is well. `at` is when the power went: what was known before it must hold. */
export async function judge(root: string, known: Known, at: number): Promise<string[]> {
  const dataDir = join(root, 'data')
  const wrong: string[] = []
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' }).catch(
    (cause: unknown) => void wrong.push(String(cause))
  )
  if (!hub) return wrong
  try {
    const rows = await exported(dataDir)
    const devices = (await ask(dataDir, 'device list')).json as { deviceId: string }[]
    const people = JSON.stringify((await ask(dataDir, 'person list')).json)
    const isErased = !people.includes(known.erased.personId) && at > known.erased.begun
    for (const sender of known.senders) {
      if (sender === known.erased.sender && isErased) continue
      const value = sender === known.erased.sender ? known.erased.value : undefined
      wrong.push(...lostOrWrong(rows, sender, at, value))
      if (acknowledgedBy(sender, at) > 0 && !devices.some((one) => one.deviceId === sender.device.deviceId))
        wrong.push(`${sender.device.deviceId} is not known any more`)
    }
    wrong.push(...doubled(rows), ...misplaced(rows, known, at))
    wrong.push(...(await imported(dataDir, rows, known, at)))
    wrong.push(...(await backedUp(root, known, at)))
    if (at > known.erased.done && !isErased) wrong.push('an erased person is back')
    if (isErased) wrong.push(...(await stillThere(dataDir, known)))
  } catch (cause) {
    wrong.push(`${String(cause)} ${cause instanceof Error ? cause.stack : ''}`)
  }
  const status = await hub.stop()
  if (status !== 0) wrong.push(`it ended with ${status}`)
  if (/damaged|can no longer|"level":[56]0/.test(hub.output())) wrong.push(hub.output())
  return wrong
}

async function exported(dataDir: string): Promise<Row[]> {
  let text = ''
  await ask(dataDir, 'export', [], { format: 'jsonl' }, (piece) => void (text += piece))
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row)
}

/** Facts are noted in whole milliseconds, at the moment that began. */
function isBefore(moment: number, at: number): boolean {
  return moment + 1 <= at
}

function acknowledgedBy({ acknowledged }: Sender, at: number): number {
  return [...acknowledged.values()].filter((moment) => isBefore(moment, at)).length
}

function lostOrWrong(rows: readonly Row[], sender: Sender, at: number, planted?: number): string[] {
  const { deviceId } = sender.device
  const mine = rows.filter((row) => row.device === deviceId)
  const found = new Map(mine.map((row) => [`${numberOf(row.time)} ${row.quantity}`, row.value]))
  const expected = (n: number): [string, number][] =>
    planted === undefined
      ? [
          ['pm2_5', (n % 9_000) / 10],
          ['humidity', n % 100]
        ]
      : [['humidity', planted]]
  const wrong: string[] = []
  for (const [n, moment] of sender.acknowledged) {
    if (!isBefore(moment, at)) continue
    for (const [quantity] of expected(n))
      if (!found.has(`${n} ${quantity}`)) wrong.push(`${deviceId}: ${quantity} of message ${n} is lost`)
  }
  for (const [key, value] of found) {
    const [n, quantity] = key.split(' ')
    const should = expected(Number(n)).find(([name]) => name === quantity)?.[1]
    if (Number(n) >= sender.sent || value !== should) wrong.push(`${deviceId}: ${key} is ${value}`)
  }
  return someOf(wrong)
}

function doubled(rows: readonly Row[]): string[] {
  const seen = new Set<string>()
  const wrong: string[] = []
  for (const { device, time, quantity } of rows) {
    const key = `${device} ${time} ${quantity}`
    if (seen.has(key)) wrong.push(`${key} is there twice`)
    seen.add(key)
  }
  return someOf(wrong)
}

/** Of a device that is moved all readings go, or none. */
function misplaced(rows: readonly Row[], { moved }: Known, at: number): string[] {
  const after = rows.filter(
    (row) => row.device === moved.sender.device.deviceId && numberOf(row.time) >= moved.at
  )
  const before = rows.filter(
    (row) => row.device === moved.sender.device.deviceId && numberOf(row.time) < moved.at
  )
  const streets = [...new Set(after.map(({ street }) => street))]
  const wrong: string[] = []
  if (streets.length > 1) wrong.push(`readings after a move are in ${streets.join(' and ')}`)
  if (isBefore(moved.done, at) && streets.some((one) => one !== moved.toStreet))
    wrong.push(`after a move that was done readings are in ${streets.join()}`)
  if (before.some(({ street }) => street !== moved.fromStreet))
    wrong.push('readings before a move went with it')
  return wrong
}

/** What was not done is done by the same command again. */
async function imported(dataDir: string, rows: readonly Row[], known: Known, at: number): Promise<string[]> {
  const { begun, done, file, device, rows: wanted } = known.imported
  if (at < begun) return []
  let mine = rows.filter((row) => row.device === device.deviceId)
  const isDone = isBefore(done, at)
  const isKnown = JSON.stringify((await ask(dataDir, 'device list')).json).includes(device.deviceId)
  if (!isKnown) return ['the device of an import is not known any more']
  if (!isDone) {
    await ask(dataDir, 'import', [file], { format: 'lamppost-csv', device: [device.deviceId] })
    mine = (await exported(dataDir)).filter((row) => row.device === device.deviceId)
  }
  const wrong = mine.filter((row) => {
    const n = (Date.parse(row.time) - importFrom) / 60_000
    return importRow(n).value !== row.value
  })
  const words: string[] = []
  if (mine.length !== wanted) words.push(`of ${wanted} imported readings ${mine.length} are there`)
  if (wrong.length > 0) words.push(`${wrong.length} imported readings have another value`)
  return words
}

/** Whoever finds a backup under its name finds a whole one. */
async function backedUp(root: string, { backup }: Known, at: number): Promise<string[]> {
  const file = join(root, 'one.tar')
  if (!existsSync(file)) return isBefore(backup.done, at) ? ['a backup that was done is gone'] : []
  try {
    await unpack(file, await readManifest(file), undefined, () => undefined)
    return []
  } catch (cause) {
    return [`the backup is not whole: ${String(cause)}`]
  }
}

/** What goes on by itself after the start ends with no trace left. */
async function stillThere(dataDir: string, { erased }: Known): Promise<string[]> {
  const find = async (): Promise<string[]> => foundInFiles(dataDir, erased)
  const found = await eventually(find, (list) => list.length === 0, 60_000)
  return found.map((one) => `of an erased person is still there: ${one}`)
}

const someMax = 5

function someOf(wrong: readonly string[]): string[] {
  return wrong.length <= someMax
    ? [...wrong]
    : [...wrong.slice(0, someMax), `… and ${wrong.length - someMax} more`]
}
