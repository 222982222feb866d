/** The certificate of MQTT over TLS, read and checked before anything listens. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Where the certificate chain and its key are, and the port that they are for. */
export interface TlsSettings {
  port: number
  certFile: string
  keyFile: string
}

export interface TlsFiles {
  port: number
  cert: Buffer
  key: Buffer
}

/** The files cannot be read, or do not belong together: a setting is wrong. The message names it. */
export class TlsUnusable extends Error {
  readonly code = 'badSetting'
}

export function readTls(mqtts: TlsSettings): TlsFiles {
  const cert = read('LAMPPOST_TLS_CERT', mqtts.certFile)
  const key = read('LAMPPOST_TLS_KEY', mqtts.keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TlsUnusable(
      `LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY do not make a certificate and its key (${why}). Both are PEM files.`
    )
  }
  return { port: mqtts.port, cert, key }
}

/** A certificate that is renewed is a new file; looking once a minute finds it however it came there. */
const lookEveryMs = 60_000

/** Calls `onNew` when the files changed and make a pair again; what is wrong with them goes to `onBad`. */
export function watchTls(
  mqtts: TlsSettings,
  current: TlsFiles,
  onNew: (files: TlsFiles) => void,
  onBad: (cause: unknown) => void,
  everyMs = lookEveryMs
): { stop(): void } {
  let seen = Buffer.concat([current.cert, current.key])
  const look = (): void => {
    try {
      const bytes = Buffer.concat([readFileSync(mqtts.certFile), readFileSync(mqtts.keyFile)])
      if (bytes.equals(seen)) return
      seen = bytes
      onNew(readTls(mqtts))
    } catch (cause) {
      onBad(cause)
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TlsUnusable(`${name} cannot be read: ${why}.`)
  }
}
