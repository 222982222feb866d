/** Datasets as pages that work without a program: the list, and one dataset. What machines read stands in them as schema.org. */
import { counted, megabytes } from '../../model/counted.ts'
import { schemaOrg, type CatalogueAbout } from './catalogue.ts'
import type { DatasetManifest, ListedDataset } from './datasets.ts'
import { citation, notReference, titleOf } from './describe.ts'

export function listPage(about: CatalogueAbout, datasets: readonly ListedDataset[]): string {
  const title = `Datasets of ${about.publisher}`
  const rows = datasets.map(({ version, manifest, withdrawn }) => {
    const says = manifest
      ? `${counted(manifest.rows, 'reading')} of ${counted(manifest.sites, 'site')}, until ${manifest.until.slice(0, 10)}`
      : `withdrawn on ${withdrawn?.slice(0, 10)}, because something in it is no longer public`
    return `<li><a href="/datasets/${version}">${version}</a>: ${says}</li>`
  })
  const list =
    rows.length > 0
      ? `<ul>${rows.join('\n')}</ul>`
      : '<p>There is no dataset yet. Everything that is public can be downloaded at <a href="/data">Data</a>.</p>'
  const machines = {
    '@context': 'https://schema.org/',
    '@type': 'DataCatalog',
    '@id': `${about.origin}/datasets`,
    name: title,
    dataset: datasets.flatMap(({ manifest }) => (manifest ? [schemaOrg(about, manifest)] : []))
  }
  return page(
    title,
    machines,
    `<p>A dataset is a snapshot of everything that is public. It stays as it is, so it can be cited. ${notReference}</p>
${list}
<p>Licence: ${escaped(about.licence)}. For programs: <a href="/datasets?format=json">JSON</a>,
<a href="/datasets/catalog.jsonld">DCAT</a>. To follow what changes: <code>/api/v1/changes</code>.</p>`
  )
}

export function datasetPage(about: CatalogueAbout, manifest: DatasetManifest): string {
  const { version, licence, files, until, rows, sites, replaces } = manifest
  const link = (path: string): string => `<a href="/datasets/${version}/${path}">${escaped(path)}</a>`
  const about_ = files.filter(({ part }) => !part)
  const parts = files.filter(({ part }) => part)
  const row = ({ path, bytes, rows: count, sha256 }: DatasetManifest['files'][number]): string =>
    `<tr><td>${link(path)}</td><td>${count ?? ''}</td><td>${megabytes(bytes)}</td><td><code>${sha256.slice(0, 12)}…</code></td></tr>`
  const instead = replaces
    ? `<p>It takes the place of ${escaped(replaces)}, which was withdrawn because something in it is no longer public.</p>`
    : ''
  return page(
    titleOf(manifest),
    schemaOrg(about, manifest),
    `<p>${notReference}</p>
<p>${counted(rows, 'reading')} of ${counted(sites, 'site')}, measured before ${until}. Licence: ${escaped(licence)}. This version stays as it is.</p>
${instead}
<h2>About it</h2>
<ul>${about_.map(({ path }) => `<li>${link(path)}</li>`).join('\n')}</ul>
<h2>How to cite</h2>
<pre>${escaped(citation({ ...manifest, url: `${about.origin}/datasets/${version}` }))}</pre>
<h2>Files</h2>
<table><thead><tr><th>File</th><th>Rows</th><th>Size</th><th>SHA-256</th></tr></thead>
<tbody>${parts.map(row).join('\n')}</tbody></table>
<p><a href="/datasets">All datasets</a></p>`
  )
}

function page(title: string, machines: object, body: string): string {
  // A "<" could end the element: JSON has another way to write it.
  const data = JSON.stringify(machines).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/datasets/page.css">
<script type="application/ld+json">${data}</script>
</head>
<body>
<main>
<p><a href="/">The neighbourhood</a></p>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`
}

/** The dashboard's own style has a name that changes with each build. */
export const pageCss = `:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 'Atkinson Hyperlegible', system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
p, ul { max-width: 42rem; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid GrayText; }
main:has(table) { overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.3rem 0.5rem 0.3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid GrayText; }
td:nth-child(2), td:nth-child(3) { white-space: nowrap; font-variant-numeric: tabular-nums; }
`

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
