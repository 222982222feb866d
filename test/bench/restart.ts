/** How soon a hub listens again: with nothing, with a journal of 1 GB that is stored, and with one that is not stored yet. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal, type OpenJournal } from '../../journal/open.ts'
import { openJournalReader } from '../../journal/reader.ts'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { wireConnect, wirePacket, wireText } from '../support/mqtt-wire.ts'

const journalBytes = 1024 ** 3
const folder = mkdtempSync(join(tmpdir(), 'bench-restart-'))
try {
  await measure('nothing', () => Promise.resolve())
  await measure('a journal of 1 GB, all of it stored', (dataDir, device) => fill(dataDir, device, true))
  await measure('a journal of 1 GB, none of it stored', (dataDir, device) => fill(dataDir, device, false))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(
  what: string,
  prepare: (dataDir: string, device: Credentials) => Promise<void>
): Promise<void> {
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const device = addDevice(dataDir)
  await prepare(dataDir, device)
  const times: string[] = []
  for (let i = 0; i < 3; i++) {
    const startedAt = performance.now()
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
    const listeningMs = performance.now() - startedAt
    await acknowledged(hub.mqttPort, device)
    times.push(`${shown(listeningMs)} (first PUBACK ${shown(performance.now() - startedAt)})`)
    await hub.kill()
  }
  console.log(`listening with ${what}: ${times.join(', ')} s (aim ≤ 2, first PUBACK ≤ 3)`)
  rmSync(dataDir, { recursive: true, force: true })
}

function shown(ms: number): string {
  return (ms / 1_000).toFixed(2)
}

function addDevice(dataDir: string): Credentials {
  spawnSync('chmod', ['700', dataDir])
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const device = registry.addDevice({ streetId, placement: 'outdoor', intervalS: 10 }, systemClock.now())
  registry.close()
  return device
}

/** Messages as sensors send them, so that there are as many groups and rows as there would be. */
async function fill(dataDir: string, { deviceId, topic }: Credentials, isStored: boolean): Promise<void> {
  const dataFile = join(dataDir, 'journal.sqlite')
  const journal = await openJournal({ dataFile, clock: systemClock })
  const now = systemClock.now()
  let n = 0
  while (statSync(dataFile).size < journalBytes) await append20_000()
  if (isStored) await moveCheckpoint(journal, dataFile)
  await journal.close()
  console.log(`  ${n} messages, ${(statSync(dataFile).size / 1024 ** 3).toFixed(2)} GB`)

  async function append20_000(): Promise<void> {
    const kept = Array.from({ length: 20_000 }, () => {
      n++
      const at = (now - 300 * 86_400_000 + n * 1_000) as UnixMs
      const payload = Buffer.from(`{"at":${at},"pm2_5":8.1,"pm10":14.2,"temperature":9.4,"humidity":81}`)
      return new Promise<void>((resolve, reject) =>
        journal.append({ deviceId, topic, payload, receivedAt: (now + n) as UnixMs }, (failure) =>
          failure ? reject(failure) : resolve()
        )
      )
    })
    await Promise.all(kept)
  }
}

async function moveCheckpoint(journal: OpenJournal, dataFile: string): Promise<void> {
  const { port } = journal.connectReader()
  const reader = openJournalReader({ dataFile, port })
  await reader.moveCheckpoint(journal.stats().lastSequence)
  await reader.close()
}

/** Connects and publishes one message; resolves with its acknowledgement. */
function acknowledged(port: number, { username, password, topic }: Credentials): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.write(wireConnect({ clientId: 'c', username, password }))
      socket.write(wirePacket(0x32, wireText(topic), Buffer.of(0, 1), Buffer.from('{"pm2_5":8.1}')))
    })
    let came = 0
    socket.on('data', (chunk: Buffer) => {
      came += chunk.length
      if (came < 8) return
      socket.destroy()
      resolve()
    })
  })
}
