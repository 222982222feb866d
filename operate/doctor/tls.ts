/** The doctor's look at MQTT over TLS: the handshake of each family that can encrypt, and why it would fail. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type ConnectionOptions } from 'node:tls'
import type { Config } from '../../config.ts'
import type { Clock } from '../../model/time.ts'
import { certificateEndsSoonMs, handshakeMsMax, tasmotaKeyBitsMax } from '../limits.ts'
import { bad, ok, warn, type Finding, type HubSays } from './finding.ts'

interface Family {
  name: string
  /** As its TLS library offers. */
  offers: ConnectionOptions
  /** What its library cannot do although the handshake would be right. */
  cannot?(certificate: X509Certificate): string | undefined
  todo: string
}

const families: readonly Family[] = [
  {
    // BearSSL with one suite built in; tasmota.github.io/docs/TLS, "Limitations".
    name: 'Tasmota (tasmota32)',
    offers: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
    cannot(certificate) {
      const { type, bits } = keyOf(certificate)
      if (type !== 'rsa') return `it takes RSA certificates only, and this one is ${type.toUpperCase()}`
      return bits > tasmotaKeyBitsMax ? `a certificate of ${bits} bits makes it crash` : undefined
    },
    todo: 'Get a certificate with an RSA key of 2048 bits (certbot --key-type rsa --rsa-key-size 2048), or use plain MQTT in your own network.'
  },
  {
    // mbedTLS as ESP-IDF builds it; ESPHome's mqtt component with certificate_authority.
    name: 'ESPHome (ESP32)',
    offers: {
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers:
        'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384'
    },
    todo: 'Give the hub a certificate that TLS 1.2 takes, with an RSA or P-256 key.'
  },
  {
    // shelly-api-docs, MQTT.SetConfig, ssl_ca.
    name: 'Shelly (Gen2 and later)',
    offers: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
    todo: 'Give the hub a certificate that TLS 1.2 takes, with an RSA or P-256 key.'
  },
  {
    name: 'Zigbee2MQTT, Mosquitto, Home Assistant',
    offers: { minVersion: 'TLSv1.2' },
    todo: 'Give the hub a certificate that OpenSSL takes.'
  }
]

/** Tries the hub's own port where one runs, and otherwise the certificate by itself. */
export async function examineTls(
  { mqtts, host }: Pick<Config, 'mqtts' | 'host'>,
  clock: Clock,
  running: HubSays | undefined
): Promise<Finding[]> {
  if (!mqtts || ![mqtts.certFile, mqtts.keyFile].every((file) => existsSync(file))) return []
  const files = { cert: readFileSync(mqtts.certFile), key: readFileSync(mqtts.keyFile) }
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(files.cert)
  } catch (cause) {
    return [
      bad(
        'TLS',
        `${mqtts.certFile} holds no certificate (${messageOf(cause)}).`,
        'Correct LAMPPOST_TLS_CERT.'
      )
    ]
  }
  const own = running?.mqttsPort ?? null
  const stand = own === null ? await standIn(files) : undefined
  const at = { host: hostOf(host), port: own ?? stand!.port }
  try {
    const tried = await Promise.all(families.map((family) => examineFamily(family, certificate, at)))
    return [examineEnd(certificate, clock), ...tried, ...examineTrust(certificate)]
  } finally {
    stand?.close()
  }
}

async function examineFamily(
  { name, offers, cannot, todo }: Family,
  certificate: X509Certificate,
  at: { host: string; port: number }
): Promise<Finding> {
  const what = `TLS as ${name}`
  const known = cannot?.(certificate)
  if (known !== undefined) return warn(what, `It could not connect: ${known}.`, todo)
  const failed = await handshake({ ...offers, ...at })
  if (failed !== undefined) return warn(what, `It could not connect: ${failed}.`, todo)
  return ok(what, 'The handshake succeeds.')
}

/** What went wrong; undefined where nothing did. Whom it trusts is another question. */
function handshake(options: ConnectionOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, rejectUnauthorized: false, timeout: handshakeMsMax })
    const end = (failed?: string): void => {
      socket.destroy()
      resolve(failed)
    }
    socket.once('secureConnect', () => end())
    socket.once('timeout', () => end('no answer came'))
    socket.once('error', (error) => end(error.message.replaceAll(/\s+/g, ' ').slice(0, 200)))
  })
}

/** The same certificate on a port of the doctor's own. */
async function standIn(files: { cert: Buffer; key: Buffer }): Promise<{ port: number; close(): void }> {
  const server = createServer(files)
  server.on('tlsClientError', () => undefined) // It is told by the other end.
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

function examineEnd(certificate: X509Certificate, clock: Clock): Finding {
  const leftMs = certificate.validToDate.getTime() - clock.now()
  const says = `The certificate is valid until ${certificate.validToDate.toISOString().slice(0, 10)}.`
  if (leftMs <= 0) return bad('TLS', says, 'Renew it: no box that checks it can connect any more.')
  return leftMs < certificateEndsSoonMs
    ? warn('TLS', says, 'Renew it; the hub takes the new file by itself.')
    : ok('TLS', says)
}

/** Signed by itself: nobody trusts it unless told to. */
function examineTrust(certificate: X509Certificate): Finding[] {
  if (!certificate.verify(certificate.publicKey)) return []
  return [
    warn(
      'TLS',
      'The certificate is signed by itself, so every box must be given it.',
      'ESPHome: certificate_authority; Zigbee2MQTT: ca; Mosquitto: bridge_cafile; Shelly: user_ca.pem.'
    )
  ]
}

function keyOf({ publicKey }: X509Certificate): { type: string; bits: number } {
  return {
    type: publicKey.asymmetricKeyType ?? 'unknown',
    bits: publicKey.asymmetricKeyDetails?.modulusLength ?? 0
  }
}

function hostOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
