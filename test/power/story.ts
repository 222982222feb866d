/** A hub's ordinary life with strace beside it: it starts, takes messages, imports, moves, backs up, erases, stops. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, startHubProcess, type AddedDevice, type HubProcess } from '../support/hub-process.ts'
import { numberedAt, numberedPayload } from '../support/numbered-readings.ts'
import { rawPublisher } from '../support/raw-publisher.ts'
import { ask, hubUnder } from './ask.ts'
import type { Story } from './cuts.ts'
import { judge } from './judge.ts'
import { importRow, type Asked, type Known, type Sender } from './known.ts'

const quiet = { LAMPPOST_LOG_LEVEL: 'warn', UV_USE_IO_URING: '0' }
const importRows = 2_000
const movedAt = 150
const planted = 61.8033989

/** Where a story is told. */
export interface Stage {
  /** The hub's files are below it, its data in the folder `data`. */
  root: string
  /** For what the hub only reads. */
  aside: string
  /** A program that runs the hub under itself. */
  under: string[]
}

export async function tellStory({ root, aside, under }: Stage): Promise<Story> {
  const dataDir = join(root, 'data')
  const phases: Story['phases'] = []
  const phase = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = Date.now()
    const result = await work()
    phases.push({ name, from, until: Date.now() })
    return result
  }
  const hub = await phase('start', () => startHubProcess(dataDir, [], quiet, under))
  const senders: Sender[] = []
  const sender = (device: AddedDevice): Sender => {
    const one = { device, acknowledged: new Map<number, number>(), sent: 0 }
    senders.push(one)
    return one
  }
  await ask(dataDir, 'street add', ['Ashley Road'])
  await ask(dataDir, 'street add', ['Mina Road'])
  const add = async (values: Record<string, string | boolean>): Promise<AddedDevice> =>
    (await ask(dataDir, 'device add', [], { street: 'Ashley Road', interval: '60', ...values }))
      .json as AddedDevice
  const steady = sender(await add({ outdoor: true }))
  const moving = sender(await add({ outdoor: true }))
  const leaving = sender(await add({ indoor: true, home: 'zqx-anna', name: 'ZqxAnna bath' }))
  const archive = await add({ outdoor: true })
  const { personId } = (await ask(dataDir, 'person add', ['ZqxAnna'], { home: 'zqx-anna' })).json as {
    personId: string
  }

  let goesOn = true
  const sending = sendOn(hub, steady, () => goesOn)
  await phase('ingest', async () => {
    await sendAll(hub, moving, 2 * movedAt)
    await sendAll(hub, leaving, 100, (n) => `{"at":${numberedAt(n)},"humidity":${planted},"zqxanna":1}`)
    await eventually(
      async () => steady.acknowledged.size,
      (size) => size >= 500
    )
  })
  const file = join(aside, 'history.csv')
  writeFileSync(file, `time,device,quantity,value,unit\n${importLines(importRows)}`)
  const imported = await phase('import', () =>
    timed(() => ask(dataDir, 'import', [file], { format: 'lamppost-csv', device: [archive.deviceId] }))
  )
  const moved = await phase('move', () =>
    timed(() =>
      ask(dataDir, 'device move', [moving.device.deviceId], {
        street: 'Mina Road',
        at: new Date(numberedAt(movedAt)).toISOString()
      })
    )
  )
  const archiveFile = join(root, 'one.tar')
  const backup = await phase('backup', () => timed(() => ask(dataDir, 'backup', [archiveFile])))
  const erased = await phase('erase', () =>
    timed(() => ask(dataDir, 'person erase', [personId], { yes: true }))
  )
  goesOn = false
  await sending
  await phase('stop', async () => {
    process.kill(hubUnder(hub.pid), 'SIGTERM')
    await hub.ended
  })
  const { deviceId, siteId } = leaving.device
  const words = ['ZqxAnna', 'zqxanna', 'zqx-anna', personId, deviceId, siteId]
  const known: Known = {
    senders,
    imported: { ...imported, file, rows: importRows, device: archive },
    moved: { ...moved, sender: moving, fromStreet: 'ashley-road', toStreet: 'mina-road', at: movedAt },
    backup: { ...backup, file: archiveFile },
    erased: { ...erased, sender: leaving, personId, words, value: planted }
  }
  return { phases, judge: (folder, at) => judge(folder, known, at) }
}

async function timed(work: () => Promise<unknown>): Promise<Asked> {
  const begun = Date.now()
  await work()
  return { begun, done: Date.now() }
}

function importLines(rows: number): string {
  return Array.from({ length: rows }, (_, n) => {
    const { time, value } = importRow(n)
    return `${time},archive,pm2_5,${value},µg/m³\n`
  }).join('')
}

/** A burst of a few messages at a time, until it is told to end. */
async function sendOn(hub: HubProcess, sender: Sender, goesOn: () => boolean): Promise<void> {
  const client = await publisher(hub, sender)
  while (goesOn()) {
    for (let i = 0; i < 5; i++) client.send(sender.sent, numberedPayload(sender.sent++))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await eventually(
    async () => sender.acknowledged.size,
    (size) => size === sender.sent
  )
  client.destroy()
}

async function sendAll(
  hub: HubProcess,
  sender: Sender,
  messages: number,
  payload: (n: number) => string = numberedPayload
): Promise<void> {
  const client = await publisher(hub, sender)
  while (sender.sent < messages) client.send(sender.sent, payload(sender.sent++))
  await eventually(
    async () => sender.acknowledged.size,
    (size) => size === messages
  )
  client.destroy()
}

function publisher(hub: HubProcess, { device, acknowledged }: Sender): ReturnType<typeof rawPublisher> {
  return rawPublisher(hub.mqttPort, device, (n) => void acknowledged.set(n, Date.now()))
}
