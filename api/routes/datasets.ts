/** Datasets and their files, outside of the API: for everybody, as pages, and as JSON, schema.org and DCAT for programs. */
import { extname } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { DatasetList } from '../../contract/dataset.ts'
import { dcat, type CatalogueAbout } from '../../documents/dataset/catalogue.ts'
import type { DatasetManifest, ListedDataset } from '../../documents/dataset/datasets.ts'
import { datasetPage, listPage, pageCss } from '../../documents/dataset/page.ts'
import { Query, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import { answerFile } from '../file-answer.ts'
import { ApiProblem } from '../problem.ts'

type Deps = Pick<ApiDeps, 'datasets' | 'hub'>

/** A version never changes, but may be withdrawn: a cache asks whether it still holds. */
const cacheControl = 'public, no-cache'

export function addDatasets(app: Api, deps: Deps): void {
  const { datasets } = deps
  app.get(
    '/datasets',
    {
      schema: { hide: true, querystring: Query({ format: Type.Optional(Type.Literal('json')) }) }
    },
    (request, reply) => {
      reply.header('cache-control', 'no-cache').header('vary', 'accept')
      const wantsPage =
        request.query.format !== 'json' && (request.headers.accept ?? '').includes('text/html')
      const all = datasets.list()
      if (wantsPage) return html(reply, listPage(aboutOf(request, deps), all))
      const list: DatasetList = { datasets: all.map(entryOf) }
      return reply.send(list)
    }
  )

  app.get('/datasets/catalog.jsonld', { schema: { hide: true } }, (request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .type('application/ld+json')
      .send(JSON.stringify(dcat(aboutOf(request, deps), datasets.list())))
  )

  app.get('/datasets/page.css', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(pageCss)
  )

  app.get<{ Params: { version: string } }>(
    '/datasets/:version',
    { schema: { hide: true } },
    (request, reply) => {
      const { manifest } = needed(deps, request.params.version)
      return html(reply.header('cache-control', 'no-cache'), datasetPage(aboutOf(request, deps), manifest))
    }
  )

  app.route<{ Params: { version: string; '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/datasets/:version/*',
    // Parts of a file are parts of what is on disk.
    compress: false,
    schema: { hide: true },
    handler(request, reply) {
      const { version, '*': path } = request.params
      needed(deps, version)
      const found = datasets.find(version, path)
      if (!found)
        throw new ApiProblem(
          'datasetUnknown',
          `${version} has no such file. /datasets/${version} lists them.`
        )
      const { file, entry } = found
      const contentType = contentTypes[extname(path)] ?? 'application/octet-stream'
      return answerFile(request, reply.type(contentType), { ...entry, file, cacheControl })
    }
  })
}

const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8; header=present',
  '.parquet': 'application/vnd.apache.parquet',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.cff': 'text/yaml; charset=utf-8'
}

function needed({ datasets }: Deps, version: string): { manifest: DatasetManifest } {
  const all = datasets.list()
  const found = all.find((one) => one.version === version)
  if (!found)
    throw new ApiProblem('datasetUnknown', 'There is no dataset of this version. /datasets lists them.')
  const { manifest } = found
  if (manifest) return { manifest }
  const instead = all.find((one) => one.manifest?.replaces === version)
  throw new ApiProblem(
    'datasetWithdrawn',
    `It was withdrawn on ${found.withdrawn?.slice(0, 10)}, because something in it is no longer public. ${
      instead ? `${instead.version} takes its place.` : 'Another one will take its place.'
    }`
  )
}

function entryOf({ version, manifest, withdrawn }: ListedDataset): DatasetList['datasets'][number] {
  return {
    version,
    url: `/datasets/${version}`,
    made: manifest?.made ?? null,
    until: manifest?.until ?? null,
    rows: manifest?.rows ?? null,
    sites: manifest?.sites ?? null,
    bytes: manifest?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? null,
    licence: manifest?.licence ?? null,
    replaces: manifest?.replaces ?? null,
    withdrawn
  }
}

/** As it was asked for, by one of the hub's own names. */
function aboutOf(request: FastifyRequest, { hub }: Deps): CatalogueAbout {
  return { origin: `${request.protocol}://${request.host}`, publisher: hub.name, licence: hub.licence }
}

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page)
}
