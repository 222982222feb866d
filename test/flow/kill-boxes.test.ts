/** A street with a box of every family, whose hub is killed ten times in the middle: what was acknowledged is there, once, and read as before. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { boxSettings } from '../../hub/hosting/box-settings.ts'
import { FamilyConnection } from '../../firmware-sim/family/family-connection.ts'
import { familyNames, firmwareOf } from '../../firmware-sim/family/families.ts'
import { openSenseMapBox } from '../../firmware-sim/family/opensensemap.ts'
import { otherMap } from '../../firmware-sim/family/other.ts'
import type { Running, Sent, Wire } from '../../firmware-sim/family/firmware.ts'
import { hourMs, secondMs, systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { eventually, startHubProcess, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

const folder = temporaryFolder()
const dataDir = join(folder.path, 'data')
afterAll(() => folder.remove())

const rounds = 10
/** Acknowledged of each box in a round before the hub may be killed. */
const perRound = 3

interface Player {
  family: string
  credentials: Credentials
  /** Temperatures of which every message was acknowledged. */
  acknowledged: number[]
  sent: number
}

describe('a hub with boxes of every family', () => {
  it('that is killed ten times has each acknowledged message once, and knows what it remembered of each box', async () => {
    const players = furnish()
    let hub = await start()
    for (let round = 0; round < rounds; round++) {
      const playing = players.map((player) => play(player, hub, round))
      await Promise.all(playing.map(({ enough }) => enough))
      await hub.kill()
      await Promise.all(playing.map(({ ended }) => ended))
      hub = await start()
    }
    const wanted = new Map(
      players.map(({ credentials, acknowledged }) => [credentials.deviceId, acknowledged])
    )
    const stored = await eventually(
      () => temperatures(hub),
      (got) =>
        [...wanted].every(([deviceId, values]) => values.every((value) => got.get(deviceId)?.includes(value)))
    )
    for (const { family, credentials, acknowledged, sent } of players) {
      const got = stored.get(credentials.deviceId) ?? []
      expect(acknowledged.length, family).toBeGreaterThanOrEqual(rounds * perRound)
      expect(
        acknowledged.filter((value) => !got.includes(value)),
        `${family}: lost`
      ).toEqual([])
      expect(
        got.filter((value, i) => got.indexOf(value) !== i),
        `${family}: double`
      ).toEqual([])
      expect(got.length, family).toBeLessThanOrEqual(sent)
    }
    await hub.stop()
  })
})

function start(): Promise<HubProcess> {
  return startHubProcess(dataDir, [], {
    LAMPPOST_LOG_LEVEL: 'warn',
    LAMPPOST_ALLOW_UNAUTHENTICATED: 'smartcitizen'
  })
}

function furnish(): Player[] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite') })
  registry.addStreet({ name: 'Ashley Road' })
  const now = systemClock.now()
  const players = familyNames.map((family): Player => {
    const unauthenticated = family === 'smartcitizen'
    const credentials = registry.addDevice(
      { streetId: 'ashley-road', placement: 'outdoor', dialect: family, hasToken: true, unauthenticated },
      now
    )
    const thing = { dialect: family, scope: '', address: 'aA1234', name: '', deviceId: credentials.deviceId }
    if (unauthenticated) registry.claimThing(thing, now)
    const map = { other: otherMap, opensensemap: openSenseMapBox }[family]
    if (map !== undefined) registry.setMap(credentials.deviceId, map)
    return { family, credentials, acknowledged: [], sent: 0 }
  })
  registry.close()
  return players
}

/** Sends until the hub is gone. */
function play(
  player: Player,
  hub: HubProcess,
  round: number
): { enough: Promise<void>; ended: Promise<void> } {
  const { wire, firmware } = setUp(player, hub)
  const connection = new FamilyConnection(wire)
  const { promise: enough, resolve: isEnough, reject: isTooFew } = Promise.withResolvers<void>()
  const ended = (async () => {
    try {
      await connection.connect()
      for (let count = 1; ; count++) {
        // A temperature of its own for each message, to one decimal; below what no thermometer says.
        const temperature = Number(((++player.sent % 900) / 10 - 39).toFixed(1))
        await connection.send(
          remembered(player, round, firmware.messages({ temperature }, secondOf(player.sent)))
        )
        player.acknowledged.push(temperature)
        if (count >= perRound) isEnough()
      }
    } catch (cause) {
      // The hub is gone: what was on its way was not acknowledged. Before it is killed nothing may fail.
      isTooFew(new Error(`${player.family}: ${String(cause)}`))
    } finally {
      connection.vanish()
    }
  })()
  return { enough, ended }
}

/** Everything is asked for an acknowledgement, also by those whose firmware does not care. */
function setUp({ family, credentials }: Player, hub: HubProcess): { wire: Wire; firmware: Running } {
  const { deviceId: id, password, token } = credentials
  const facts = { host: '127.0.0.1', mqttPort: hub.mqttPort, httpPort: hub.httpPort, id, password, token }
  // The page asks for the kit's own token in place of the one that it shows.
  const { wire, firmware } = firmwareOf(family).set(boxSettings(family, facts))
  return { wire: wire.kind === 'mqtt' ? { ...wire, qos: 1 } : wire, firmware }
}

/** In which unit an entity is, Home Assistant says in the first round only: later it has to be remembered, or it makes no reading. */
function remembered({ family }: Player, round: number, messages: Sent[]): Sent[] {
  if (family !== 'homeassistant' || round === 0) return messages
  return messages.filter(({ to }) => /\/(?:state|last_updated)$/.test(to))
}

const startedAt = systemClock.now()
/** Some tell the time in whole seconds: each reading has a second of its own, and none lies ahead. */
function secondOf(sent: number): UnixMs {
  return (startedAt - hourMs + sent * secondMs) as UnixMs
}

/** Of each device, by the public export. */
async function temperatures(hub: HubProcess): Promise<Map<string, number[]>> {
  const query = 'from=2020-01-01&until=2100-01-01&format=jsonl&quantity=temperature'
  const text = await (await fetch(`${hub.url}/api/v1/readings?${query}`)).text()
  const found = new Map<string, number[]>()
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const { device, value } = JSON.parse(line) as { device: string; value: number }
    const list = found.get(device)
    if (list) list.push(value)
    else found.set(device, [value])
  }
  return found
}
