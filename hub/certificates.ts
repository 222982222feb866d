/** Certificates that are renewed while the hub runs: both doors take the new one, without a restart. */
import { watchTls, type TlsFiles, type TlsSettings } from '../broker/tls.ts'

export interface RenewingDoor {
  renewCertificate(files: TlsFiles): void
}

export function renewCertificates(
  { settings, tls, door, name }: { settings: TlsSettings; tls: TlsFiles; door: RenewingDoor; name: string },
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
): { stop(): void } {
  return watchTls(
    settings,
    tls,
    (files) => {
      door.renewCertificate(files)
      log.info({}, `${name} uses the new certificate.`)
    },
    (cause) =>
      log.warn({ cause: String(cause) }, 'The new certificate cannot be used; the hub keeps the old one.')
  )
}
