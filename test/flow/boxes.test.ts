/** What real boxes sent, through the doors of a real hub: exactly what they measured. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Credentials } from '../../registry/registry.ts'
import { collectedExpectations, collectedMessages, hasCollectedPayloads } from '../support/box-cases.ts'
import { openHubHere, type HubHere } from '../support/hub-here.ts'
import { outside } from '../support/outside.ts'

const publisher = outside('mosquitto_pub')
const run = promisify(execFile)

let here: HubHere
beforeAll(async () => {
  here = await openHubHere({ LAMPPOST_ALLOW_UNAUTHENTICATED: 'smartcitizen' })
})
afterAll(() => here.close())

describe.skipIf(!publisher.present)(`messages of real boxes (${publisher.line})`, () => {
  const files = hasCollectedPayloads ? Object.entries(collectedExpectations()) : []
  const pushing = new Set(['airrohr', 'ttn', 'opensensemap'])
  /** Lines of these files are of several boxes. */
  const severalBoxes = new Set(['tasmota', 'zigbee2mqtt'])

  it.each(files)('%s: through the door, exactly what was measured', async (file, expected) => {
    const { dialect, topic, readings, failed = [] } = expected
    const messages = collectedMessages(file, topic)
    const wanted: unknown[] = []
    let box: Credentials | undefined
    const mine: string[] = []
    for (const [i, message] of messages.entries()) {
      if (!box || severalBoxes.has(dialect)) {
        box = await here.addBox(dialect, dialect === 'smartcitizen' ? 'aA1234' : undefined)
        mine.push(box.deviceId)
      }
      if (pushing.has(dialect)) await pushed(dialect, box, message.payload)
      else await published(dialect, box, message)
      for (const [quantity, value] of Object.entries(readings[i]!))
        wanted.push([box.deviceId, quantity, value, failed.includes(quantity) ? 4 : expect.anything()])
    }
    const rows = (await here.readings()).filter(({ device }) => mine.includes(device))
    const got = rows.map(({ device, quantity, value, flag }) => [device, quantity, value, flag])
    expect(got.toSorted()).toEqual(wanted.toSorted())
  })

  async function published(dialect: string, box: Credentials, message: { topic: string; payload: string }) {
    const who = dialect === 'smartcitizen' ? ['-i', 'aA1234'] : ['-u', box.username, '-P', box.password]
    await run(publisher.path, [
      ...['-h', '127.0.0.1', '-p', String(here.hub.mqttPort), '-q', '1', ...who],
      ...['-t', message.topic, '-m', message.payload]
    ])
  }

  async function pushed(dialect: string, { token }: Credentials, body: string): Promise<void> {
    const { stdout } = await run('curl', [
      ...['-sS', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Content-Type: application/json'],
      ...[
        '--data-binary',
        body,
        `${here.url}/push/${dialect}/${token}${dialect === 'opensensemap' ? '?hackair=true' : ''}`
      ]
    ])
    expect(stdout).toBe(dialect === 'ttn' ? '200' : '201')
  }
})
