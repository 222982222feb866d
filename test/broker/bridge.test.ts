/** A Mosquitto in front, set up as docs/mqtt.md prints it, bridges what its clients send: tried with Debian's. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { outside } from '../support/outside.ts'
import { root } from '../support/sources.ts'
import { aBroker, aClient, readings, secretOf, status, until } from './support.ts'

const mosquitto = outside('mosquitto')

describe.skipIf(!mosquitto.present)(`a bridge of Mosquitto (${mosquitto.line})`, () => {
  it('hands on readings and status, and is taken for one that is there and one that is gone', async () => {
    const hub = await aBroker()
    const { port, end } = await bridgeTo(hub.port)
    await until(() => hub.broker.stats().connected === 1)
    const box = aClient(port)
    await box.publishAsync(readings('a1'), '{"pm2_5":8.1}', { qos: 1 })
    await box.publishAsync(status('a1'), 'online', { qos: 1, retain: true })
    await until(() => hub.taken.length === 2)
    expect(hub.taken.map(({ topic }) => topic)).toEqual([readings('a1'), status('a1')])
    end('SIGKILL')
    await until(() => hub.presence.length === 2)
    // Its will says on a topic of its own that it is gone: nobody needs that, and it is no message of the device.
    expect(hub.presence.map(([, change]) => change)).toEqual(['online', 'lost'])
    expect(hub.taken).toHaveLength(2)
    expect(hub.broker.stats().refused).toEqual({})
  })
})

/** A Mosquitto with the configuration of the document, for device a1 and on a free port. */
async function bridgeTo(hubPort: number): Promise<{ port: number; end(signal: NodeJS.Signals): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const port = await freePort()
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(
    file,
    printed()
      .replaceAll('listener 1883', `listener ${port} 127.0.0.1`)
      .replaceAll('192.168.1.20:1883', `127.0.0.1:${hubPort}`)
      .replaceAll('d-k3v7m2qa', 'a1')
      .replaceAll('lp1_…', secretOf('a1'))
  )
  const program = spawn(mosquitto.path, ['-c', file], { stdio: ['ignore', 'inherit', 'inherit'] })
  onTestFinished(() => void program.kill('SIGKILL'))
  return { port, end: (signal) => void program.kill(signal) }
}

/** The example of the document that sets a bridge up. */
function printed(): string {
  const examples = readFileSync(join(root, 'docs/mqtt.md'), 'utf8').matchAll(/^```\n([\s\S]*?)^```$/gm)
  const found = [...examples]
    .map(([, text]) => text!)
    .find((text) => text.includes('bridge_protocol_version'))
  expect(found, 'docs/mqtt.md prints no bridge').toBeDefined()
  return found!
}
