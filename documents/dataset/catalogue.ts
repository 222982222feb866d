/** Datasets as catalogues find them: schema.org (for search engines) and DCAT 3 (for data portals), both as JSON-LD. */
import type { DatasetManifest, ListedDataset } from './datasets.ts'
import { licenceOf, notReference, titleOf } from './describe.ts'

export interface CatalogueAbout {
  /** "https://air.example.org", without a slash at the end. */
  origin: string
  publisher: string
  licence: string
}

const addressOf = (origin: string, version: string): string => `${origin}/datasets/${version}`

/** schema.org, as Google's Dataset Search reads it. */
export function schemaOrg({ origin }: CatalogueAbout, manifest: DatasetManifest): object {
  const { publisher, version, made, until, licence, files } = manifest
  const url = addressOf(origin, version)
  const { path } = licenceOf(licence)
  return {
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': url,
    name: titleOf(manifest),
    description: notReference,
    url,
    version,
    datePublished: made.slice(0, 10),
    dateModified: made,
    temporalCoverage: `../${until.slice(0, 10)}`,
    license: path ?? licence,
    isAccessibleForFree: true,
    creator: { '@type': 'Organization', name: publisher, url: origin },
    variableMeasured: [...new Set(files.flatMap(({ part }) => (part ? [part.quantity] : [])))],
    distribution: [
      {
        '@type': 'DataDownload',
        encodingFormat: 'application/json',
        name: 'Data Package',
        contentUrl: `${url}/datapackage.json`
      },
      ...files.flatMap(({ path: file, part, bytes, sha256 }) =>
        part
          ? [
              {
                '@type': 'DataDownload',
                encodingFormat: mediaType(part.format),
                name: file,
                contentUrl: `${url}/${file}`,
                contentSize: `${bytes}`,
                sha256
              }
            ]
          : []
      )
    ]
  }
}

/** DCAT 3 (W3C), as one graph. */
export function dcat(about: CatalogueAbout, datasets: readonly ListedDataset[]): object {
  const { origin, publisher } = about
  const there = datasets.flatMap(({ manifest }) => (manifest ? [manifest] : []))
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      foaf: 'http://xmlns.com/foaf/0.1/',
      spdx: 'http://spdx.org/rdf/terms#',
      xsd: 'http://www.w3.org/2001/XMLSchema#'
    },
    '@id': `${origin}/datasets`,
    '@type': 'dcat:Catalog',
    'dct:title': `Datasets of ${publisher}`,
    'dct:publisher': { '@type': 'foaf:Organization', 'foaf:name': publisher },
    'dcat:dataset': there.map((manifest) => dcatDataset(origin, manifest))
  }
}

function dcatDataset(origin: string, manifest: DatasetManifest): object {
  const { version, made, until, licence, files, replaces, publisher } = manifest
  const url = addressOf(origin, version)
  const { path } = licenceOf(licence)
  return {
    '@id': url,
    '@type': 'dcat:Dataset',
    'dct:title': titleOf(manifest),
    'dct:description': notReference,
    'dct:identifier': version,
    'dcat:version': version,
    'dct:issued': { '@value': made, '@type': 'xsd:dateTime' },
    'dct:temporal': {
      '@type': 'dct:PeriodOfTime',
      'dcat:endDate': { '@value': until, '@type': 'xsd:dateTime' }
    },
    'dct:license': path ? { '@id': path } : licence,
    'dct:publisher': { '@type': 'foaf:Organization', 'foaf:name': publisher },
    'dcat:landingPage': { '@id': url },
    ...(replaces ? { 'dct:replaces': { '@id': addressOf(origin, replaces) } } : {}),
    'dcat:distribution': files.flatMap(({ path: file, part, bytes, sha256 }) =>
      part
        ? [
            {
              '@type': 'dcat:Distribution',
              'dct:title': file,
              'dcat:downloadURL': { '@id': `${url}/${file}` },
              'dcat:mediaType': mediaType(part.format),
              'dcat:byteSize': bytes,
              'spdx:checksum': {
                '@type': 'spdx:Checksum',
                'spdx:algorithm': { '@id': 'spdx:checksumAlgorithm_sha256' },
                'spdx:checksumValue': sha256
              }
            }
          ]
        : []
    )
  }
}

function mediaType(format: 'parquet' | 'csv'): string {
  return format === 'csv' ? 'text/csv' : 'application/vnd.apache.parquet'
}
