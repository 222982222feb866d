/** The type of our Fastify, and what routes share: headers, documented answers. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault
} from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type, type TProperties } from 'typebox'
import type { Readable } from 'node:stream'
import { ProblemDocument } from '../contract/hub.ts'

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** A query string in which an unknown parameter is refused, so that a typing mistake cannot pass for "no filter". */
export function Query<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false })
}

/** For paths that take no parameters at all. */
export const NoQuery = Query({})

export const ById = Type.Object({ id: Type.String() })

/** A body that is text to the reader of the document and a stream in the code. */
export const StreamedText = Type.Unsafe<Readable>(Type.String())

/** Whatever is refused on a path looks like this. */
export const refusal = {
  description: 'Problem document (RFC 9457): `code` is stable, `detail` says what to do.',
  content: { 'application/problem+json': { schema: ProblemDocument } }
}

export const momentDescription =
  'ISO 8601 with a zone (2026-11-22T10:00:00Z), a date (the beginning of that day at the hub), or Unix milliseconds'
