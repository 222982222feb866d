/** A certificate that a test's own server has: made by OpenSSL, signed by itself, for two days. */
import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface CertificateFiles {
  cert: string
  key: string
}

/** `host` is a DNS name. */
export function makeCertificate(openssl: string, folder: string, host: string): CertificateFiles {
  const [cert, key] = [join(folder, `${host}.crt`), join(folder, `${host}.key`)]
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2'
  ]
  const named = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  execFileSync(openssl, [...kind, ...named, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}

/** Of its public key, as Chromium takes it for `--ignore-certificate-errors-spki-list`. */
export function keyHashOf({ cert }: CertificateFiles): string {
  const { publicKey } = new X509Certificate(readFileSync(cert))
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('base64')
}
