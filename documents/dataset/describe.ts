/** What a dataset says of itself: a Data Package that is valid by version 1 and 2 of its standard, how to cite it, its checksums. */
import { columns } from '../export/columns.ts'
import type { Column } from '../export/table.ts'
import type { DatasetFile, DatasetManifest } from './datasets.ts'

export interface DatasetAbout extends DatasetManifest {
  /** Where it is served, without a slash at the end; undefined where nobody said. */
  url?: string
}

/** Creative Commons as SPDX and the web know it; any other licence stands in words. */
export function licenceOf(text: string): { spdx?: string; name: string; path?: string; title: string } {
  const [, kind, version] = /^CC[ -](BY(?:-(?:SA|NC|ND|NC-SA|NC-ND))?) ?-?(\d\.\d)$/i.exec(text) ?? []
  if (kind && version) {
    const spdx = `CC-${kind.toUpperCase()}-${version}`
    const path = `https://creativecommons.org/licenses/${kind.toLowerCase()}/${version}/`
    return { spdx, name: spdx, path, title: text }
  }
  if (/^CC0/i.test(text))
    return {
      spdx: 'CC0-1.0',
      name: 'CC0-1.0',
      path: 'https://creativecommons.org/publicdomain/zero/1.0/',
      title: text
    }
  const name = text.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'other'
  return { name, title: text }
}

export function titleOf({ publisher, version }: Pick<DatasetManifest, 'publisher' | 'version'>): string {
  return `Outdoor readings of ${publisher}, ${version}`
}

export const notReference =
  'Measured by residents with low-cost sensors: indicative, and no reference measurements. Values are as they were sent; flags say what failed its checks.'

/** Version 1 asks for `profile`, version 2 for `$schema` and `type`; each leaves the other's words alone. */
export function dataPackage(about: DatasetAbout): object {
  const { name, path, title } = licenceOf(about.licence)
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    profile: 'data-package',
    name: 'lamppost-readings',
    id: about.url ?? `urn:lamppost:dataset:${about.version}`,
    title: titleOf(about),
    description: `${notReference} Times are UTC; months are of UTC. A site stands in the middle of its street.`,
    version: about.version,
    created: about.made,
    ...(about.url ? { homepage: about.url } : {}),
    licenses: [{ name, ...(path ? { path } : {}), title }],
    resources: about.files.flatMap((file) => resourceOf(file, about.files))
  }
}

/** Of text; its twin as Parquet, which the standard's programs cannot check, stands beside it. */
function resourceOf({ path, bytes, sha256, part }: DatasetFile, files: readonly DatasetFile[]): object[] {
  const known = { path, bytes, hash: `sha256:${sha256}` }
  if (part?.format === 'parquet') return []
  const twin = files.find((one) => one.part?.format === 'parquet' && isSamePart(one.part, part))
  const table = part ? part.table : tables[path]
  if (!table) return []
  return [
    {
      $schema: 'https://datapackage.org/profiles/2.0/dataresource.json',
      profile: 'tabular-data-resource',
      type: 'table',
      name: (part ? `${part.table}-${part.quantity}-${part.month}` : table).replaceAll('_', '-'),
      ...known,
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      dialect: { delimiter: ',', lineTerminator: '\r\n', quoteChar: '"', doubleQuote: true, header: true },
      schema: schemas[table],
      ...(twin ? { parquet: { path: twin.path, bytes: twin.bytes, hash: `sha256:${twin.sha256}` } } : {})
    }
  ]
}

type Part = DatasetFile['part']

function isSamePart(a: Part, b: Part): boolean {
  return a?.table === b?.table && a?.quantity === b?.quantity && a?.month === b?.month
}

const tables: Readonly<Record<string, keyof typeof schemas>> = {
  'sites.csv': 'sites',
  'homes.csv': 'homes',
  'corrections.csv': 'corrections'
}

const text = (name: string, description: string) => ({ name, type: 'string', description })
const required = { constraints: { required: true } }

function fieldOf({ name, kind, nullable, unit, description }: Column): object {
  const type = { moment: 'datetime', number: 'number', count: 'integer', flag: 'integer' } as const
  return {
    name,
    type: kind in type ? type[kind as keyof typeof type] : 'string',
    description: unit === undefined ? description : `${description} (${unit})`,
    ...(nullable || name === 'reason' || name === 'correction' ? {} : required)
  }
}

const { time, street, site, device, quantity, value, unit, flag, reason, received, correction } = columns
const readingFields = [time, street, site, device, quantity, value, unit, flag, reason, received].map(fieldOf)
const identity = ['site', 'device', 'quantity', 'time']

/** Of the tables of text. An empty cell is a missing value. */
const schemas = {
  readings: { fields: readingFields, primaryKey: identity, missingValues: [''] },
  corrected: {
    fields: [...readingFields, fieldOf(correction)],
    primaryKey: identity,
    missingValues: ['']
  },
  sites: {
    fields: [
      { ...text('site', 'Id of the site'), ...required },
      { ...text('street', 'Id of its street'), ...required },
      text('street_name', 'Name of the street'),
      text('name', 'What its host calls it, for everybody'),
      { name: 'latitude', type: 'number', description: 'Of the middle of the street, WGS 84' },
      { name: 'longitude', type: 'number', description: 'Likewise' },
      text('kind', 'sensor: low-cost, indicative; reference: a reference station')
    ],
    primaryKey: ['site'],
    missingValues: ['']
  },
  homes: {
    fields: [
      { ...text('street', 'Id of the street'), ...required },
      { name: 'date', type: 'date', description: 'Civil day at the hub', ...required },
      { name: 'from', type: 'datetime', description: 'Its beginning, UTC' },
      { name: 'until', type: 'datetime', description: 'Its end, not included' },
      { ...text('quantity', 'What was measured'), ...required },
      { name: 'value', type: 'number', description: 'Mean of the middle three fifths of five homes or more' },
      text('unit', 'Unit of the value')
    ],
    primaryKey: ['street', 'date', 'quantity'],
    missingValues: ['']
  },
  corrections: {
    fields: [
      text('correction', 'Id, as rows name it'),
      { name: 'version', type: 'integer' },
      text('site', 'Where it held'),
      text('quantity', 'What it makes'),
      text('formula', 'Its formula; /methods has it'),
      { name: 'formula_version', type: 'integer' },
      { name: 'coefficients', type: 'object', description: 'JSON' },
      { name: 'from', type: 'datetime' },
      { name: 'until', type: 'datetime' }
    ],
    missingValues: ['']
  }
} as const

export function citation({ publisher, version, made, licence, url }: DatasetAbout): string {
  const { spdx, title } = licenceOf(licence)
  const quoted = (words: string): string => JSON.stringify(words)
  return [
    'cff-version: 1.2.0',
    'message: If you use this dataset, please cite it as below.',
    'type: dataset',
    `title: ${quoted(titleOf({ publisher, version }))}`,
    'authors:',
    `  - name: ${quoted(publisher)}`,
    `version: ${quoted(version)}`,
    `date-released: ${quoted(made.slice(0, 10))}`,
    ...(spdx ? [`license: ${spdx}`] : [`abstract: ${quoted(`Licence: ${title}`)}`]),
    ...(url ? [`url: ${quoted(url)}`] : []),
    ''
  ].join('\n')
}

/** As sha256sum -c reads it. */
export function checksums(files: readonly DatasetFile[]): string {
  return files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
}

export function readMe(about: DatasetAbout): string {
  return `# ${titleOf(about)}

${notReference}

- \`readings/quantity=…/month=…/\`: every outdoor reading measured before ${about.until}, as Parquet. \`csv/readings/…\` holds the
  same rows as CSV. Months are of UTC; columns are described in \`datapackage.json\`.
- \`corrected/…\`: values of corrections (\`corrections.csv\`), where there are any.
- \`sites.csv\`: the sites, each in the middle of its street.
- \`homes.csv\`: published days of homes, each made of five homes or more.
- \`methods.json\`: quantities with units and limits, flags, reasons, and by which version they were made.
- \`CHANGES.md\`: what is different from the dataset before. \`CITATION.cff\`: how to cite it. \`SHA256SUMS\`: checksums
  (\`sha256sum -c SHA256SUMS\`).

Licence: ${about.licence}. This version stays as it is. It is withdrawn only if somebody has what they measured erased; a new version
then takes its place.

\`\`\`sql
SELECT * FROM read_parquet('readings/*/*/*.parquet', hive_partitioning = true) WHERE quantity = 'pm2_5' LIMIT 10;
\`\`\`
`
}

/** By parts: what came, changed and went since the dataset before. */
export function changesText(now: DatasetManifest, before: DatasetManifest | undefined): string {
  const heading = `# Changes of ${now.version}\n\n`
  const replaces = now.replaces
    ? `${now.replaces} was withdrawn, because something in it is no longer public; this version takes its place.\n\n`
    : ''
  if (!before)
    return `${heading}${replaces}The first dataset that is there: ${now.rows} readings of ${now.sites} sites.\n`
  const partsOf = ({ files }: DatasetManifest) =>
    new Map(files.filter(({ part }) => part?.format === 'parquet').map((file) => [file.path, file]))
  const [old, fresh] = [partsOf(before), partsOf(now)]
  const lines: string[] = []
  for (const [path, file] of fresh) {
    const known = old.get(path)
    const rows = file.rows ?? 0
    if (!known) lines.push(`- new: ${path} (${rows} rows)`)
    else if (known.sha256 !== file.sha256)
      lines.push(`- changed: ${path} (${known.rows ?? 0} → ${rows} rows)`)
  }
  for (const path of old.keys()) if (!fresh.has(path)) lines.push(`- gone: ${path}`)
  const program = now.lamppost === before.lamppost ? '' : `Lamppost ${before.lamppost} → ${now.lamppost}.\n`
  const counts = `Since ${before.version}: ${before.rows} → ${now.rows} readings, ${before.sites} → ${now.sites} sites.\n`
  return `${heading}${replaces}${counts}${program}\n${lines.length > 0 ? lines.join('\n') : 'No part differs.'}\n`
}
