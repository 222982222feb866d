/** Whether boxes of each family could connect over TLS, told from the certificate and tried as they would. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../model/time.ts'
import { examineTls } from '../../operate/doctor/tls.ts'
import { aBroker } from '../broker/support.ts'
import { outside } from '../support/outside.ts'

const openssl = outside('openssl')
const folder = mkdtempSync(join(tmpdir(), 'doctor-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

function made(name: string, key: string[], days = 300) {
  const [keyFile, certFile] = [join(folder, `${name}.key`), join(folder, `${name}.cert`)]
  const more = [
    '-subj',
    '/CN=hub.local',
    '-days',
    String(days),
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    certFile
  ]
  execFileSync(openssl.path, ['req', '-x509', ...key, ...more], { stdio: 'ignore' })
  chmodSync(keyFile, 0o600)
  return { port: 0, certFile, keyFile }
}

describe.skipIf(!openssl.present)(`TLS (${openssl.line})`, () => {
  it.each<[name: string, key: string[], tasmota: 'ok' | 'warn', words: string]>([
    ['rsa2048', ['-newkey', 'rsa:2048'], 'ok', 'succeeds'],
    ['rsa4096', ['-newkey', 'rsa:4096'], 'warn', '4096 bits makes it crash'],
    ['p256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'warn', 'RSA certificates only']
  ])('with a certificate of %s', async (name, key, tasmota, words) => {
    const mqtts = made(name, key)
    const findings = await examineTls({ mqtts, host: '0.0.0.0' }, systemClock, undefined)
    const of = (what: string) => findings.find((one) => one.what.includes(what))
    expect(of('Tasmota')).toMatchObject({ state: tasmota, says: expect.stringContaining(words) as string })
    for (const other of ['ESPHome', 'Shelly', 'Zigbee2MQTT'])
      expect(of(other), other).toMatchObject({ state: 'ok' })
    expect(findings.some(({ says }) => says.includes('signed by itself'))).toBe(true)
  })

  it('is tried at the port of a hub that runs', async () => {
    const mqtts = made('running', ['-newkey', 'rsa:2048'])
    const [cert, key] = [readFileSync(mqtts.certFile), readFileSync(mqtts.keyFile)]
    const { broker } = await aBroker({}, { tls: { port: 0, cert, key } })
    const running = {
      httpPort: 1,
      mqttPort: 1,
      mqttsPort: broker.tlsPort!,
      reasons: [],
      readings: 0,
      storeFailing: null
    }
    const findings = await examineTls({ mqtts, host: '127.0.0.1' }, systemClock, running)
    expect(findings.filter(({ what, state }) => what.startsWith('TLS as') && state !== 'ok')).toEqual([])
    await broker.stop()
    const gone = await examineTls({ mqtts, host: '127.0.0.1' }, systemClock, running)
    expect(gone.filter(({ what, state }) => what.startsWith('TLS as') && state === 'ok')).toEqual([])
  })

  it('says when a certificate ends', async () => {
    const mqtts = made('short', ['-newkey', 'rsa:2048'], 3)
    const [first] = await examineTls({ mqtts, host: '0.0.0.0' }, systemClock, undefined)
    expect(first).toMatchObject({ state: 'warn', todo: expect.stringContaining('Renew') as string })
  })

  it('that is off is nothing to look at', async () => {
    expect(await examineTls({ mqtts: null, host: '0.0.0.0' }, systemClock, undefined)).toEqual([])
  })
})
