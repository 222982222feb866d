/** An authenticator in memory, for tests that answer as no honest browser would: keys, attestation "none", assertions (WebAuthn 6). */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface AuthenticatorAnswer {
  id: string
  rawId: string
  type: 'public-key'
  response: Record<string, string>
  clientExtensionResults: object
}

export class Authenticator {
  readonly #origin: string
  readonly #partyId: string
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  /** Another one's id makes an answer that claims somebody else's key. */
  id = randomBytes(16)
  #counter = 0

  constructor(origin: string) {
    this.#origin = origin
    this.#partyId = new URL(origin).hostname
  }

  create(challenge: string): AuthenticatorAnswer {
    const attested = Buffer.concat([
      Buffer.alloc(16),
      Buffer.of(0, this.id.length),
      this.id,
      coseKey(this.#keys.publicKey)
    ])
    const data = this.#data(0x45, attested)
    // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR (RFC 8949).
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3, ...cborText('fmt'), ...cborText('none'), ...cborText('attStmt'), 0xa0]),
      Buffer.from([...cborText('authData'), 0x58, data.length]),
      data
    ])
    return this.#answer({
      clientDataJSON: url(this.#clientData('webauthn.create', challenge)),
      attestationObject: url(attestationObject)
    })
  }

  get(challenge: string): AuthenticatorAnswer {
    const data = this.#data(0x05)
    const clientData = this.#clientData('webauthn.get', challenge)
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    return this.#answer({
      clientDataJSON: url(clientData),
      authenticatorData: url(data),
      signature: url(sign('sha256', signed, this.#keys.privateKey))
    })
  }

  #data(flags: number, attested: Buffer = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#counter++)
    const party = createHash('sha256').update(this.#partyId).digest()
    return Buffer.concat([party, Buffer.of(flags), counter, attested])
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }))
  }

  #answer(response: Record<string, string>): AuthenticatorAnswer {
    const id = url(this.id)
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }
}

/** {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, 7.1.1). */
function coseKey(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' })
  const [xBytes, yBytes] = [x, y].map((part) => Buffer.from(part!, 'base64url')) as [Buffer, Buffer]
  return Buffer.concat([
    Buffer.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20),
    xBytes,
    Buffer.of(0x22, 0x58, 0x20),
    yBytes
  ])
}

function cborText(text: string): number[] {
  return [0x60 + text.length, ...Buffer.from(text)]
}

function url(bytes: Buffer): string {
  return bytes.toString('base64url')
}
