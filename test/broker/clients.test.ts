/** Clients that nobody here wrote, of MQTT 3.1 and 3.1.1: Debian's mosquitto programs and its Python library, and MQTT.js. */
import { spawn } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { outside } from '../support/outside.ts'
import {
  aBroker,
  asDevice,
  connected,
  readings,
  secretOf,
  status,
  until,
  type TestBroker
} from './support.ts'

const mosquitto_pub = outside('mosquitto_pub')
const mosquitto_sub = outside('mosquitto_sub')
const paho = outside('paho')

interface Program {
  status: Promise<number | null>
  output(): string
  kill(): void
}

function run(path: string, args: string[]): Program {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status: ended, output: () => output, kill: () => void child.kill('SIGKILL') }
}

const at = ({ port }: TestBroker, deviceId: string): string[] => [
  ...['-h', '127.0.0.1', '-p', String(port), '-u', deviceId, '-P', secretOf(deviceId)]
]

describe.skipIf(!mosquitto_pub.present || !mosquitto_sub.present)(
  `mosquitto_pub and mosquitto_sub (${mosquitto_pub.line}; ${mosquitto_sub.line})`,
  () => {
    it.each(['mqttv31', 'mqttv311'])('publish with %s', async (version) => {
      const hub = await aBroker()
      const args = [...at(hub, 'a1'), '-V', version, '-q', '1', '-t', readings('a1'), '-m', '{}']
      expect(await run(mosquitto_pub.path, args).status).toBe(0)
      expect(hub.taken).toHaveLength(1)
    })

    it('are told when they ask for MQTT 5', async () => {
      const hub = await aBroker()
      const program = run(mosquitto_pub.path, [
        ...at(hub, 'a1'),
        '-V',
        'mqttv5',
        '-t',
        readings('a1'),
        '-m',
        '{}'
      ])
      expect(await program.status).not.toBe(0)
      expect(program.output()).toMatch(/protocol version/i)
      expect(hub.broker.stats().refused).toMatchObject({ protocolVersion: 1 })
    })

    it.each(['0', '1', '2'])('hear with QoS %s what was published with it', async (qos) => {
      const hub = await aBroker()
      const program = run(mosquitto_sub.path, [...at(hub, 'a1'), '-q', qos, '-t', 'sensors/a1/#', '-C', '1'])
      await until(() => hub.broker.stats().subscriptions === 1)
      const args = [...at(hub, 'a1'), '-q', qos, '-t', readings('a1'), '-m', '{"n":1}']
      expect(await run(mosquitto_pub.path, args).status).toBe(0)
      expect(await program.status).toBe(0)
      expect(program.output()).toContain('{"n":1}')
    })

    it('leave a last will when they are killed', async () => {
      const hub = await aBroker()
      const will = ['--will-topic', status('a1'), '--will-payload', 'offline', '--will-qos', '1']
      const program = run(mosquitto_sub.path, [...at(hub, 'a1'), '-t', 'sensors/a1/problems', ...will])
      await until(() => hub.broker.stats().subscriptions === 1)
      program.kill()
      await until(() => hub.taken.length === 1)
      expect(hub.taken).toEqual([{ deviceId: 'a1', topic: status('a1'), payload: 'offline' }])
      await until(() => hub.presence.length === 2)
      expect(hub.presence[1]).toEqual(['a1', 'lost'])
    })

    it('find what came while their lasting session was away', async () => {
      const hub = await aBroker()
      const lasting = [...at(hub, 'a1'), '-i', 'box', '-c', '-q', '1', '-t', 'sensors/a1/problems']
      const first = run(mosquitto_sub.path, [...lasting, '-E'])
      expect(await first.status).toBe(0)
      await until(() => hub.broker.stats().connected === 0)
      for (const n of [1, 2, 3]) await hub.broker.publish('sensors/a1/problems', `{"n":${n}}`)
      const second = run(mosquitto_sub.path, [...lasting, '-C', '3'])
      expect(await second.status).toBe(0)
      expect(second.output().match(/\{"n":\d\}/g)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
    })
  }
)

/** Connects, hears its own message at each QoS, and says how it went. */
const pahoProgram = `
import sys, threading
import paho.mqtt.client as mqtt
port, user, password, protocol = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
heard, done, subscribed = [], threading.Event(), threading.Event()
def on_message(client, userdata, message):
    heard.append((message.qos, message.payload.decode()))
    if len(heard) == 3: done.set()
client = mqtt.Client(client_id='box', clean_session=False, protocol=protocol)
client.username_pw_set(user, password)
client.will_set('sensors/%s/status' % user, 'offline', qos=1, retain=True)
client.on_message = on_message
client.on_subscribe = lambda *args: subscribed.set()
client.connect('127.0.0.1', port, keepalive=30)
client.loop_start()
client.subscribe('sensors/%s/#' % user, qos=2)
assert subscribed.wait(10)
for qos in (0, 1, 2):
    info = client.publish('sensors/%s/readings' % user, '{"qos":%d}' % qos, qos=qos)
    info.wait_for_publish(10)
    assert info.is_published()
assert done.wait(10)
client.disconnect()
client.loop_stop()
print(sorted(heard))
`

describe.skipIf(!paho.present)(`Eclipse Paho for Python (${paho.line})`, () => {
  it.each([
    ['3.1', '3'],
    ['3.1.1', '4']
  ])('publishes and hears at every QoS with MQTT %s', async (_version, protocol) => {
    const hub = await aBroker()
    const program = run(paho.path, ['-c', pahoProgram, String(hub.port), 'a1', secretOf('a1'), protocol])
    expect(await program.status, program.output()).toBe(0)
    expect(program.output()).toContain(`[(0, '{"qos":0}'), (1, '{"qos":1}'), (2, '{"qos":2}')]`)
    expect(hub.taken.map(({ payload }) => payload)).toEqual(['{"qos":0}', '{"qos":1}', '{"qos":2}'])
    await until(() => hub.presence.length === 2)
    expect(hub.presence[1]).toEqual(['a1', 'left'])
  })
})

describe('MQTT.js', () => {
  it.each([
    ['3.1', { protocolId: 'MQIsdp', protocolVersion: 3 }],
    ['3.1.1', { protocolId: 'MQTT', protocolVersion: 4 }]
  ] as const)('publishes at every QoS with MQTT %s', async (_version, protocol) => {
    const { port, taken } = await aBroker()
    const client = await connected(port, { ...asDevice('a1'), ...protocol })
    for (const qos of [0, 1, 2] as const) await client.publishAsync(readings('a1'), `${qos}`, { qos })
    await until(() => taken.length === 3)
    expect(taken.map(({ payload }) => payload)).toEqual(['0', '1', '2'])
  })
})
