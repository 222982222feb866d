/** Holds answers to the OpenAPI document: nothing missing, nothing of another type, and nothing that it does not name. */
import { Compile } from 'typebox/schema'
import type { Api } from '../../api/app.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export interface Document {
  openapi: string
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: Json }> }> }>
  >
  components: { schemas: Record<string, Json> }
}

export async function openApiOf(app: Api): Promise<Document> {
  const answer = await app.inject('/api/v1/openapi.json')
  return answer.json<Document>()
}

/** Everything in which `value` differs from the documented answer; empty when it fits. */
export function misfits(
  document: Document,
  path: string,
  status: string,
  value: unknown,
  method = 'get'
): unknown[] {
  const responses = document.paths[path]?.[method]?.responses
  const response = responses?.[status] ?? responses?.['default']
  const content = response?.content['application/json'] ?? response?.content['application/problem+json']
  if (!content) return [`${path} documents no JSON for ${status}.`]
  const [fits, errors] = Compile(closed(content.schema) as object).Errors(value)
  return fits ? [] : errors
}

/** Where an answer of a route ("GET /api/v1/sites/:id") is not what the document says of its path, method and status. */
export function undocumented(
  document: Document,
  route: string,
  answer: { statusCode: number; headers: Record<string, unknown>; json(): unknown }
): unknown[] {
  const [method = '', path = ''] = route.split(' ')
  if (!path.startsWith('/api/v1/') || path === '/api/v1/openapi.json') return []
  if (!String(answer.headers['content-type']).includes('json')) return []
  const documented = path.replaceAll(/:(\w+)/g, '{$1}')
  return misfits(document, documented, String(answer.statusCode), answer.json(), method.toLowerCase())
}

export function misfitsOf(schema: Json, value: unknown): unknown[] {
  const [fits, errors] = Compile(closed(schema) as object).Errors(value)
  return fits ? [] : errors
}

/** The schema, in which objects may have only the properties that it names. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (schema === null || typeof schema !== 'object') return schema
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  return schema['properties'] ? { ...members, additionalProperties: false } : members
}
