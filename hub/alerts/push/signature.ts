/** Who sends a web push message: signed with the key that browsers were given when they agreed (RFC 8292, "VAPID"). */
import { createECDH, createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { secondMs, type UnixMs } from '../../../model/time.ts'
import { signatureMs } from '../limits.ts'

export interface Signer {
  /** What browsers are given: uncompressed, base64url. */
  publicKey: string
  /** The header `Authorization` for a message to this address. */
  authorization(endpoint: URL, now: UnixMs): string
}

/** Hexadecimal, as `openSigner` takes it. */
export function newPrivateKey(): string {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  // A number with leading zeros has fewer digits.
  return ecdh.getPrivateKey('hex').padStart(64, '0')
}

/** `contact` is how a push service reaches whoever runs this hub: mailto: or https; '' where nobody said. */
export function openSigner(privateKey: string, contact: string): Signer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey, 'hex')
  const point = ecdh.getPublicKey()
  const key = signingKey(privateKey, point)
  const publicKey = point.toString('base64url')
  return {
    publicKey,
    authorization({ origin }, now) {
      const claims = {
        aud: origin,
        exp: Math.floor((now + signatureMs) / secondMs),
        ...(contact === '' ? {} : { sub: contact })
      }
      const signed = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`
      // JWS wants the two numbers side by side, not in ASN.1 (RFC 7518, 3.4).
      const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
      return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey}`
    }
  }
}

function signingKey(privateKey: string, point: Buffer): KeyObject {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: Buffer.from(privateKey, 'hex').toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url')
  }
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
