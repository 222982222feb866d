/** Where a connection comes from and how it is encrypted: PROXY headers from those who may send them, certificates renewed while open. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readProxyHeader } from '../../broker/proxy-header.ts'
import { outside } from '../support/outside.ts'
import { aBroker, aClient, asDevice, rawClient, until, wire } from './support.ts'

const openssl = outside('openssl')

const blockV2 = (command: number, family: number, ...address: number[]): Buffer =>
  Buffer.from([
    ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a],
    ...[0x20 | command, family << 4, 0, address.length, ...address]
  ])
const fromV4 = blockV2(1, 1, 192, 0, 2, 17, 10, 0, 0, 1, 0x30, 0x39, 0x07, 0x5b)
const fromV6 = blockV2(
  1,
  2,
  0x20,
  1,
  0xd,
  0xb8,
  ...Array<number>(11).fill(0),
  5,
  ...Array<number>(20).fill(0)
)

describe('a PROXY header', () => {
  it.each([
    ['line of TCP4', Buffer.from('PROXY TCP4 192.0.2.17 10.0.0.1 12345 1883\r\n'), '192.0.2.17'],
    ['line of TCP6', Buffer.from('PROXY TCP6 2001:db8::5 2001:db8::1 12345 1883\r\n'), '2001:db8::5'],
    ['line of nobody', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
    ['block of IPv4', fromV4, '192.0.2.17'],
    ['block of IPv6', fromV6, '2001:db8:0:0:0:0:0:5'],
    ['block of its own', blockV2(0, 0), undefined]
  ])('as a %s is read, whole or in any two pieces', (_name, bytes, address) => {
    const rest = Buffer.from('rest')
    expect(readProxyHeader(Buffer.concat([bytes, rest]))).toEqual({
      kind: 'header',
      address,
      bytes: bytes.length
    })
    for (let cut = 0; cut < bytes.length; cut++)
      expect(readProxyHeader(bytes.subarray(0, cut))).toEqual({ kind: 'more' })
  })

  it.each(['GET / HTTP/1.1\r\n', 'PROXY TCP4 nonsense\r\n', `PROXY ${'x'.repeat(200)}`])(
    'is not %j',
    (text) => expect(readProxyHeader(Buffer.from(text, 'latin1'))).toEqual({ kind: 'malformed' })
  )

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readProxyHeader(Buffer.from(bytes))))
  })
})

const only =
  (proxy: string) =>
  (address: string): boolean =>
    address === proxy

describe('a broker behind a proxy', () => {
  const header = Buffer.from('PROXY TCP4 192.0.2.17 10.0.0.1 12345 1883\r\n')

  it('believes the proxy that was named', async () => {
    const { port, lines } = await aBroker({}, { isProxy: only('127.0.0.1') })
    const raw = await rawClient(port, header, wire.connect('a1', 'esp'))
    await until(() => raw.received().length === 4)
    expect(raw.received()[3]).toBe(0)
    const wrong = await rawClient(port, Buffer.concat([header, wire.connect('nobody', 'esp')]))
    await wrong.closed
    expect(lines[0]?.fields).toMatchObject({ address: '192.0.2.0' })
  })

  it('takes a program that speaks MQTT at once for one beside the proxy, which counts for nobody', async () => {
    const limits = { connectionsPerAddressMax: 1 }
    const { port } = await aBroker({}, { isProxy: only('127.0.0.1'), limits })
    for (const deviceId of ['a1', 'a2']) {
      const raw = await rawClient(port, wire.connect(deviceId, 'esp'))
      await until(() => raw.received().length === 4)
      expect(raw.received()[3]).toBe(0)
    }
  })

  it('wants the header or MQTT from it', async () => {
    const { port, broker } = await aBroker({}, { isProxy: only('127.0.0.1') })
    const raw = await rawClient(port, Buffer.from('GET / HTTP/1.1\r\n'))
    await raw.closed
    expect(broker.stats().refused).toMatchObject({ proxyHeader: 1 })
  })

  it('believes nobody else', async () => {
    const { port } = await aBroker({}, { isProxy: only('192.0.2.1') })
    const raw = await rawClient(port, header, wire.connect('a1', 'esp'))
    await raw.closed
    expect(raw.received()).toHaveLength(0)
  })

  it('counts connections by the address that the proxy names', async () => {
    const { port, broker } = await aBroker(
      {},
      { isProxy: only('127.0.0.1'), limits: { connectionsPerAddressMax: 1 } }
    )
    const first = await rawClient(port, header, wire.connect('a1', 'one'))
    await until(() => first.received().length === 4)
    const other = Buffer.from('PROXY TCP4 192.0.2.18 10.0.0.1 12345 1883\r\n')
    const second = await rawClient(port, other, wire.connect('a2', 'two'))
    await until(() => second.received().length === 4)
    const third = await rawClient(port, header, wire.connect('a1', 'three'))
    await third.closed
    expect(broker.stats().refused).toMatchObject({ connections: 1 })
  })
})

describe.skipIf(!openssl.present)(`a certificate (${openssl.line})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const made = (name: string): { cert: Buffer; key: Buffer } => {
    const [key, cert] = ['key', 'cert'].map((kind) => join(folder, `${name}.${kind}`)) as [string, string]
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes', '-keyout', key, '-out', cert]
    execFileSync(
      openssl.path,
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject],
      {
        stdio: 'ignore'
      }
    )
    return { cert: readFileSync(cert), key: readFileSync(key) }
  }
  const nameSeen = (port: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subject.CN)
        socket.destroy()
      })
      socket.once('error', reject)
    })

  it('is renewed while the broker runs, and a bad one is not taken', async () => {
    const before = made('before')
    const { broker } = await aBroker({}, { tls: { port: 0, ...before } })
    expect(await nameSeen(broker.tlsPort!)).toBe('before')
    const after = made('after')
    broker.renewCertificate(after)
    expect(await nameSeen(broker.tlsPort!)).toBe('after')
    expect(() => broker.renewCertificate({ cert: before.cert, key: after.key })).toThrow(/key/i)
    expect(await nameSeen(broker.tlsPort!)).toBe('after')
  })

  it('does not hold up the end where a client began no handshake, or ended none', async () => {
    const { broker } = await aBroker({}, { tls: { port: 0, ...made('silent') } })
    const silent = await rawClient(broker.tlsPort!)
    const begun = await rawClient(broker.tlsPort!, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
    await broker.stop()
    await Promise.all([silent.closed, begun.closed])
  })

  it('is shown while one address holds as many handshakes as there may be: of its own the oldest goes', async () => {
    const limits = { unknownConnectionsMax: 2 }
    const { broker } = await aBroker({}, { tls: { port: 0, ...made('busy') }, limits })
    const began = () => rawClient(broker.tlsPort!, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
    const held = [await began(), await began()]
    expect(await nameSeen(broker.tlsPort!)).toBe('busy')
    await held[0]!.closed
    // What is through its handshake makes no room for others.
    const client = aClient(broker.tlsPort!, { ...asDevice('a1'), rejectUnauthorized: false }, 'mqtts')
    await until(() => client.connected)
    for (let n = 0; n < 4; n++) held.push(await began())
    await held[2]!.closed
    expect(client.connected).toBe(true)
  })
})
