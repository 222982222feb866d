/** A push service on this machine, and a browser's own keys to read what it was sent: https at a name, as those of browsers' makers. */
import { createDecipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { CertificateFiles } from './certificate.ts'

export interface PushService {
  /** What a hub is told, to reach it: its name is nobody's. */
  reach: { lookup: LookupFunction; ca: string }
  origin: string
  /** What it answers to the next. */
  status: number
  taken: { path: string; headers: IncomingHttpHeaders; body: Buffer }[]
  close(): Promise<void>
}

export async function openPushService(host: string, files: CertificateFiles): Promise<PushService> {
  const [cert, key] = [readFileSync(files.cert, 'utf8'), readFileSync(files.key)]
  const state: PushService = {
    reach: {
      ca: cert,
      lookup: (_host, options, done) =>
        options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
    },
    origin: '',
    status: 201,
    taken: [],
    close: () => Promise.resolve()
  }
  const server = createServer({ cert, key }, (request, response) => {
    void buffer(request).then((body) => {
      if (state.status === 201) state.taken.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(state.status, { location: 'https://elsewhere.example/' }).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.origin = `https://${host}:${(server.address() as AddressInfo).port}`
  state.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return state
}

/** As a browser makes them when its owner agrees, and as it reads what comes (RFC 8291, written from its other side). */
export class ReceivingBrowser {
  readonly #ecdh: ECDH
  readonly #auth: Buffer

  constructor(privateKey?: Buffer, auth = randomBytes(16)) {
    this.#ecdh = createECDH('prime256v1')
    if (privateKey) this.#ecdh.setPrivateKey(privateKey)
    else this.#ecdh.generateKeys()
    this.#auth = auth
  }

  get keys(): { p256dh: string; auth: string } {
    return {
      p256dh: this.#ecdh.getPublicKey('base64url'),
      auth: this.#auth.toString('base64url')
    }
  }

  read(message: Buffer): string {
    const salt = message.subarray(0, 16)
    const sender = message.subarray(21, 21 + message[20]!)
    const sealed = message.subarray(21 + message[20]!)
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.#ecdh.getPublicKey(), sender])
    const secret = derive(this.#ecdh.computeSecret(sender), this.#auth, about, 32)
    const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
    const decipher = createDecipheriv('aes-128-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(-16))
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return padded.subarray(0, padded.lastIndexOf(2)).toString()
  }
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))
}
