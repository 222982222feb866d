/** The API as a page that works without a program: each request with what it takes and what it answers, from the OpenAPI document. */
import { escaped, nameHtml } from './html.ts'

/** As much of OpenAPI 3.1 as is read here. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string }
  tags?: readonly { name: string; description?: string }[]
  paths: Record<string, Record<string, ApiRequest>>
  components?: { schemas?: Record<string, Schema> }
}

interface ApiRequest {
  operationId?: string
  summary?: string
  description?: string
  tags?: readonly string[]
  parameters?: readonly Parameter[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

interface Schema {
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  description?: string
}

export const apiDocsCss = `:root { color-scheme: light dark; --paper: #faf7f1; --soft: #f1ebdf; --ink: #1d1b18; --ink-soft: #5c564c; --line: #ded6c7; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171c22; --soft: #212832; --ink: #f2ede4; --ink-soft: #b9b3a7; --line: #38414c; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 'Atkinson Hyperlegible', system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header a { font-weight: 700; }
a, summary { color: inherit; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { margin-top: 3rem; font-size: 1.5rem; line-height: 1.25; }
h3 { margin: 2rem 0 0.25rem; font-size: 1.0625rem; }
p, ul { max-width: 42rem; }
section { border-top: 1px solid var(--line); }
nav ul { padding: 0; columns: 16rem; list-style: none; }
nav a, summary { display: inline-block; padding-block: 0.3rem; }
summary { display: list-item; cursor: pointer; }
pre { margin: 0.25rem 0 0.75rem; padding: 0.75rem; background: var(--soft); font-size: 0.9375rem; white-space: pre-wrap; }
dl { display: grid; gap: 0.25rem 1.5rem; margin: 0.5rem 0; }
dd { margin: 0 0 0.4rem; color: var(--ink-soft); }
dt { font-weight: 700; }
@media (min-width: 48rem) { dl { grid-template-columns: 14rem minmax(0, 1fr); } }
`

export function apiDocsPage(document: ApiDocument, { hub, origin }: { hub: string; origin: string }): string {
  const parts = partsOf(document)
  const contents = parts.map(
    ({ name, title }) => `<li><a href="#${escaped(name)}">${escaped(title)}</a></li>`
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(`Data and API · ${hub}`)}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/api/docs/page.css">
</head>
<body>
<header><a href="/">${nameHtml(hub)}</a></header>
<main>
<h1>Data and API of ${nameHtml(hub)}</h1>
<p>${escaped(document.info.description ?? '')}</p>
<p>Whoever wants a file rather than a program chooses it at <a href="/data">Data</a>. For programs this page is
<a href="/api/v1/openapi.json">an OpenAPI 3.1 document</a>, version ${escaped(document.info.version)}.</p>
<nav aria-labelledby="contents"><h2 id="contents">On this page</h2><ul>${contents.join('')}</ul></nav>
${parts.map((part) => partHtml(part, origin)).join('\n')}
</main>
<footer><a href="/methods">How every number is made</a></footer>
</body>
</html>
`
}

interface Part {
  name: string
  title: string
  requests: { method: string; path: string; request: ApiRequest }[]
}

/** In the order of the document's tags; what has a tag that is described nowhere comes after them, the rest last. */
function partsOf({ tags = [], paths }: ApiDocument): Part[] {
  const parts = new Map<string, Part>(
    tags.map(({ name, description }) => [name, { name, title: description ?? name, requests: [] }])
  )
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, request] of Object.entries(methods)) {
      const name = request.tags?.[0] ?? 'other'
      const part = parts.get(name) ?? { name, title: name[0]!.toUpperCase() + name.slice(1), requests: [] }
      part.requests.push({ method: method.toUpperCase(), path, request })
      parts.set(name, part)
    }
  }
  // A HEAD says what its GET would, without the body.
  const shown = [...parts.values()].map((part) => ({
    ...part,
    requests: part.requests.filter(({ method }) => method !== 'HEAD')
  }))
  return shown.filter(({ requests }) => requests.length > 0)
}

function partHtml({ name, title, requests }: Part, origin: string): string {
  const sections = requests.map(({ method, path, request }) => {
    const body = schemaOf(request.requestBody?.content)
    const answer = schemaOf(request.responses?.['200']?.content)
    return (
      `<section><h3><code>${method} ${escaped(path)}</code></h3>` +
      `<p>${escaped(request.summary ?? '')}</p>` +
      (request.description ? `<p>${escaped(request.description)}</p>` : '') +
      parametersHtml(request.parameters ?? []) +
      (body ? details('What is sent', outline(body)) : '') +
      (answer ? details('What is answered', outline(answer)) : '') +
      (method === 'GET' ? details('With curl', curlOf(origin, path, request.parameters ?? [])) : '') +
      '</section>'
    )
  })
  return `<h2 id="${escaped(name)}">${escaped(title)}</h2>\n${sections.join('\n')}`
}

function parametersHtml(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return ''
  const entries = parameters.map(({ name, in: where, required, description, schema }) => {
    const facts = [
      where === 'path' ? 'in the path' : required ? 'required' : '',
      schema ? outline(schema) : ''
    ]
    const said = [facts.filter(Boolean).join(': '), description].filter(Boolean).join('. ')
    return `<dt><code>${escaped(name)}</code></dt><dd>${escaped(said)}</dd>`
  })
  return `<dl>${entries.join('')}</dl>`
}

function details(summary: string, text: string): string {
  return `<details><summary>${escaped(summary)}</summary><pre>${escaped(text)}</pre></details>`
}

/** Quotes keep the shell from reading an "&" of the address. */
function curlOf(origin: string, path: string, parameters: readonly Parameter[]): string {
  const required = parameters.filter((one) => one.in === 'query' && one.required)
  const query = required.map(({ name }) => `${name}=…`).join('&')
  return `curl --fail '${origin}${path}${query ? `?${query}` : ''}'`
}

function schemaOf(content: Record<string, { schema?: Schema }> | undefined): Schema | undefined {
  return Object.values(content ?? {}).find(({ schema }) => schema)?.schema
}

/** A form as TypeScript would write it, each field with what is said of it. */
function outline(schema: Schema, indent = ''): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => outline(one, indent)))].join(' | ')
  if (schema.type === 'array') return listOutline(outline(schema.items ?? {}, indent))
  if (schema.type === 'object') return objectOutline(schema, indent)
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' | ')
}

function listOutline(item: string): string {
  return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function objectOutline({ properties, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    const said = field.description ? `  // ${field.description}` : ''
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${outline(field, inner)}${said}`
  })
  if (typeof additionalProperties === 'object') {
    fields.push(`${inner}[name]: ${outline(additionalProperties, inner)}`)
  }
  return fields.length > 0 ? `{\n${fields.join('\n')}\n${indent}}` : 'object'
}
