/** Debian's mosquitto clients against our broker: programs that share no line of code with it. */
import { spawn } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { outside } from '../support/outside.ts'
import { aBroker, readings, secretOf, until } from './support.ts'

const mosquitto_pub = outside('mosquitto_pub')
const mosquitto_sub = outside('mosquitto_sub')

function run(path: string, args: string[]): { status: Promise<number | null>; output: () => string } {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const status = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, output: () => output }
}

const at = (port: number, deviceId: string, secret = secretOf(deviceId)): string[] => [
  ...['-h', '127.0.0.1', '-p', String(port), '-u', deviceId, '-P', secret]
]

describe.skipIf(!mosquitto_pub.present)(`mosquitto_pub (${mosquitto_pub.line})`, () => {
  it.each(['0', '1', '2'])('publishes with QoS %s', async (qos) => {
    const { port, taken } = await aBroker()
    const args = [...at(port, 'a1'), '-q', qos, '-t', readings('a1'), '-m', '{"pm2_5":8.1}']
    expect(await run(mosquitto_pub.path, args).status).toBe(0)
    await until(() => taken.length === 1)
    expect(taken[0]?.payload).toBe('{"pm2_5":8.1}')
  })

  it('is told that its password is wrong', async () => {
    const { port } = await aBroker()
    const program = run(mosquitto_pub.path, [...at(port, 'a1', 'wrong'), '-t', readings('a1'), '-m', '{}'])
    expect(await program.status).not.toBe(0)
    expect(program.output()).toMatch(/refused/i)
  })
})

describe.skipIf(!mosquitto_sub.present)(`mosquitto_sub (${mosquitto_sub.line})`, () => {
  it('hears the problems of its device, and its retained last message', async () => {
    const { port, broker } = await aBroker()
    const program = run(mosquitto_sub.path, [...at(port, 'a1'), '-q', '1', '-t', 'sensors/a1/#', '-C', '1'])
    await until(() => broker.stats().connected === 1)
    const saying = setInterval(() => void broker.publish('sensors/a1/problems', '{"code":"stuck"}'), 20)
    onTestFinished(() => clearInterval(saying))
    expect(await program.status).toBe(0)
    expect(program.output()).toBe('{"code":"stuck"}\n')
  })

  it('reads street topics without a name', async () => {
    const { port, broker } = await aBroker()
    await broker.publish('streets/s1/pm2_5', '{"value":8.4}', { retain: true })
    const args = ['-h', '127.0.0.1', '-p', String(port), '-t', 'streets/#', '-C', '1']
    const program = run(mosquitto_sub.path, args)
    expect(await program.status).toBe(0)
    expect(program.output()).toBe('{"value":8.4}\n')
  })
})
