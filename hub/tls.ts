/** The certificate of MQTT over TLS, read and checked before anything listens. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config } from '../config.ts'

export interface TlsFiles {
  port: number
  cert: Buffer
  key: Buffer
}

export function readTls(mqtts: NonNullable<Config['mqtts']>): TlsFiles {
  const cert = read('LAMPPOST_TLS_CERT', mqtts.certFile)
  const key = read('LAMPPOST_TLS_KEY', mqtts.keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(
      `LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY do not make a certificate and its key (${why}). Both are PEM files.`
    )
  }
  return { port: mqtts.port, cert, key }
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`${name} cannot be read: ${why}.`)
  }
}
