/**
 * The hub's HTML: the built page with its sentences in it, so that they are there before any script, without script, and for
 * whoever makes a preview of a link. The script takes over with the same figures, which are in the page as well.
 */
import type { HubInfo } from '../../contract/hub.ts'
import type { Words } from '../../words/words.ts'
import { embeddedJson, escaped, nameHtml } from './html.ts'

/** What one page adds to the built one. */
export interface ServedPage {
  /** From the particular to the general: "Ashley Road", "Air". */
  title: readonly string[]
  /** One or two sentences, without marks. */
  description: string
  /** Path of the picture for previews. */
  picture?: { path: string; alt: string }
  /** What stands in the middle of the page. */
  main: string
  /** The figures of the sentences, under the path by which the script would ask for them. */
  first?: { path: string; body: unknown }
}

export interface ServedFrame {
  words: Words
  info: HubInfo
  /** Scheme and name under which the reader reached the hub. */
  origin: string
  /** With its query. */
  path: string
  /** Paths of the fonts of its first lines, so that these are not painted twice. */
  fonts: readonly string[]
  /** Paths of the files that the script of this page needs, which it asks for at once when its first lines are seen. */
  files: readonly string[]
  /** What the links to stylesheets lead to: within the page, so that nothing is waited for before its first line. */
  styles: string
}

const slots = {
  title: /<title>.*?<\/title>/,
  description: /<meta\s+name="description"[^>]*>/,
  app: /<div id="app"><\/div>/,
  noscript: /<noscript>[\s\S]*?<\/noscript>/
} as const

/** Does the built page have the places that are filled? Another build is served as it is. */
export function isFillable(template: string): boolean {
  return Object.values(slots).every((slot) => slot.test(template))
}

const stylesheet = /<link rel="stylesheet"[^>]*href="([^"]+)"[^>]*>\s*/g

/** Addresses of the built page's stylesheets. */
export function stylesheetsOf(template: string): string[] {
  return [...template.matchAll(stylesheet)].map(([, href = '']) => href)
}

export function fillPage(template: string, page: ServedPage, frame: ServedFrame): string {
  const title = frame.words.common.title([...page.title, frame.info.name || frame.words.common.brand])
  const figures = embeddedJson({ hub: frame.info, ...page.first })
  const first = `<script type="application/json" id="first">${figures}</script>`
  // Functions, since a name with "$&" in it would be a pattern of its own.
  return template
    .replaceAll(stylesheet, '')
    .replace('</head>', () => `${namedFiles(frame)}<style>${frame.styles}</style></head>`)
    .replace(slots.title, () => `<title>${escaped(title)}</title>`)
    .replace(slots.description, () => previewTags(page, frame, title))
    .replace(slots.noscript, '')
    .replace(slots.app, () => `${servedBody(page, frame)}<div id="app" hidden></div>${first}`)
}

function namedFiles({ files }: ServedFrame): string {
  return files.length === 0 ? '' : `<meta name="files" content="${escaped(files.join(' '))}" />`
}

/** The Open Graph protocol (ogp.me), which messengers and social networks read. */
function previewTags(
  page: ServedPage,
  { info, origin, path, words, fonts }: ServedFrame,
  title: string
): string {
  const tags: [string, string][] = [
    ['og:type', 'website'],
    ['og:site_name', info.name || words.common.brand],
    ['og:title', title],
    ['og:description', page.description],
    ['og:url', origin + path],
    ['og:locale', words.common.locale.replace('-', '_')]
  ]
  if (page.picture) {
    tags.push(
      ['og:image', origin + page.picture.path],
      ['og:image:type', 'image/png'],
      ['og:image:width', '1200'],
      ['og:image:height', '630'],
      ['og:image:alt', page.picture.alt]
    )
  }
  const graph = tags.map(([name, content]) => `<meta property="${name}" content="${escaped(content)}" />`)
  const preloads = fonts.map(
    (font) => `<link rel="preload" href="${escaped(font)}" as="font" type="font/woff2" crossorigin />`
  )
  return [
    ...preloads,
    `<meta name="description" content="${escaped(page.description)}" />`,
    ...graph,
    `<meta name="twitter:card" content="${page.picture ? 'summary_large_image' : 'summary'}" />`
  ].join('\n    ')
}

function servedBody({ main }: ServedPage, { words, info }: ServedFrame): string {
  const { common } = words
  const links = [
    ['/methods', common.footer.methods],
    ['/privacy', common.footer.privacy],
    ['/data', common.footer.data],
    ['/api/docs', common.footer.api]
  ] as const
  const footer = links.map(([href, text]) => `<a href="${href}">${escaped(text)}</a>`).join('')
  return (
    `<div id="served"><header><a class="brand" href="/">${nameHtml(info.name || common.brand)}</a></header>` +
    `${info.demo ? `<p class="note small">${escaped(common.demo)}</p>` : ''}<main>${main}</main>` +
    `<footer class="small"><p>${escaped(common.footer.licence(info.licence))}</p><p>${footer}</p></footer></div>`
  )
}
