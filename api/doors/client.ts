/** Where a request comes from, behind trusted proxies too. */
import type { IncomingMessage } from 'node:http'
import { clientAddress } from '../../model/address.ts'

export type IsProxy = (address: string) => boolean

/** undefined for a trusted proxy that does not say for whom it asks. */
export function clientOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  isProxy: IsProxy
): string | undefined {
  const forwarded = [headers['x-forwarded-for']].flat().join(',')
  return clientAddress(socket.remoteAddress ?? '', forwarded || undefined, isProxy)
}
