/** A whole hub in the test's own process, with its doors, its commands and its threads: what it holds can be looked at without asking. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandByWords } from '../../cli/commands/all.ts'
import { readConfig } from '../../config.ts'
import { startHub, type Hub } from '../../main.ts'
import { dialectOf } from '../../ingest/decode.ts'
import { systemClock } from '../../model/time.ts'
import type { Credentials, ProblemSummary, Registry } from '../../registry/registry.ts'

export interface HubHere {
  hub: Hub
  dataDir: string
  registry: Registry
  url: string
  /** What was logged as a warning or an error. */
  lines: string[]
  /** What was logged at all. */
  everything: string[]
  /** A box of a family on Ashley Road, with its token; `address` as "device add --address" takes it. */
  addBox(dialect: string, address?: string): Promise<Credentials>
  /** Everything that the public may download, when all that was acknowledged is stored. */
  readings(): Promise<ReadingRow[]>
  /** Of one device, once there is any with this code. */
  problem(deviceId: string, code: string): Promise<ProblemSummary>
  close(): Promise<void>
}

export interface ReadingRow {
  time: string
  device: string
  quantity: string
  value: number
  flag: number
  reason: string
  received: string
}

/** Half a minute: far beyond what any takes. */
const problemLooksMax = 600

export async function openHubHere(
  env: Record<string, string> = {},
  dataDir = mkdtempSync(join(tmpdir(), 'lamppost-here-'))
): Promise<HubHere> {
  const config = readConfig(
    { LAMPPOST_TIMEZONE: 'Europe/London', ...env },
    { data: dataDir, http: '0', mqtt: '0', host: '127.0.0.1' }
  )
  const lines: string[] = []
  const everything: string[] = []
  const note = (fields: object, message: string): void =>
    void everything.push(`${message} ${JSON.stringify(fields)}`)
  const say = (fields: object, message: string): void => {
    note(fields, message)
    lines.push(everything.at(-1)!)
  }
  const hub = await startHub(config, {
    version: 'test',
    demo: false,
    log: { debug: note, info: note, warn: say, error: say },
    commands: async (words) => (await commandByWords(words))?.run,
    onFatal(cause) {
      throw cause
    }
  })
  const { registry, pipeline } = hub.rooms
  const url = `http://127.0.0.1:${hub.httpPort}`
  if (registry.streets().length === 0) registry.addStreet({ name: 'Ashley Road' })
  return {
    hub,
    dataDir,
    registry,
    url,
    lines,
    everything,
    async addBox(dialect, address) {
      const now = systemClock.now()
      const added = registry.addDevice(
        {
          streetId: 'ashley-road',
          placement: 'outdoor',
          dialect,
          hasToken: true,
          unauthenticated: dialect === 'smartcitizen'
        },
        now
      )
      const { deviceId } = added
      if (address !== undefined) {
        const scope = dialectOf(dialect).isLocalAddress?.(address) ? deviceId : ''
        registry.claimThing({ dialect, scope, address, name: '', deviceId }, now)
      }
      await hub.rooms.directoryTold()
      return added
    },
    async readings() {
      await pipeline.service.drain()
      const response = await fetch(`${url}/api/v1/readings?from=2020-01-01&until=2100-01-01&format=jsonl`)
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ReadingRow)
    },
    async problem(deviceId, code) {
      // What the doors find is told once a second.
      for (let looks = 0; looks < problemLooksMax; looks++) {
        await pipeline.service.drain()
        const found = registry.problems(deviceId).find((one) => one.code === code)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`No ${code}, but ${JSON.stringify(registry.problems(deviceId))}`)
    },
    async close() {
      await hub.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  }
}
