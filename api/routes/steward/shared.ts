/** What every path of the stewards' desk has in common. */
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../../accounts/accounts.ts'
import { viewerOf } from '../../audience.ts'

export const config = { audience: 'steward' } as const
export const done = { done: true } as const
export const tags = ['steward']

/** Who acts, as the audit log names them. */
export function stewardOf(request: FastifyRequest): Actor {
  return { kind: 'person', personId: viewerOf(request).personId }
}
