/** A web push message, so that only its browser can read it: RFC 8291, which is one record of RFC 8188. */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** The keys that a browser gave: its public key, uncompressed, and a secret. */
export interface BrowserKeys {
  p256dh: Buffer
  auth: Buffer
}

/** Of one message, never used again. */
export interface MessageSecrets {
  privateKey: Buffer
  salt: Buffer
}

const publicKeyBytes = 65
const authBytes = 16
/** One record holds everything; a message larger than 4,096 bytes need not be taken (RFC 8030, 7.2). */
const recordBytes = 4_096

export function newMessageSecrets(): MessageSecrets {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return { privateKey: ecdh.getPrivateKey(), salt: randomBytes(16) }
}

/** undefined for what are no keys: a point that is not on the curve among them. */
export function readBrowserKeys(p256dh: string, auth: string): BrowserKeys | undefined {
  const keys = { p256dh: Buffer.from(p256dh, 'base64url'), auth: Buffer.from(auth, 'base64url') }
  if (keys.p256dh.length !== publicKeyBytes || keys.auth.length !== authBytes) return undefined
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  try {
    ecdh.computeSecret(keys.p256dh)
    return keys
  } catch {
    return undefined
  }
}

/**
 * `plain` is filled up with zeros to `paddedBytes`, so that no push service tells by its length what it is about.
 * It must not be longer than that, and `paddedBytes` not longer than a record.
 */
export function encryptedMessage(
  plain: Buffer,
  paddedBytes: number,
  keys: BrowserKeys,
  { privateKey, salt }: MessageSecrets
): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey)
  const publicKey = ecdh.getPublicKey()
  const shared = ecdh.computeSecret(keys.p256dh)
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), keys.p256dh, publicKey])
  const secret = derived(shared, keys.auth, about, 32)
  const key = derived(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derived(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  // 2 ends the text of the last record (RFC 8188, 2).
  const padded = Buffer.concat([plain, Buffer.of(2), Buffer.alloc(paddedBytes - plain.length)])
  const sealed = Buffer.concat([cipher.update(padded), cipher.final(), cipher.getAuthTag()])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(recordBytes)
  return Buffer.concat([salt, size, Buffer.of(publicKey.length), publicKey, sealed])
}

function derived(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))
}
