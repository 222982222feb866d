/** A street in a frame on somebody else's page: its sentences, its last 24 hours as a line, and the way to the whole page. */
import type { HubInfo } from '../../contract/hub.ts'
import type { StreetDetail } from '../../contract/street.ts'
import { momentText } from '../../words/format.ts'
import { streetPage } from '../../words/street-page.ts'
import { emphasised, escaped, nameHtml } from './html.ts'
import type { ServedContext, StreetAsked } from './street.ts'

export interface EmbedFrame {
  info: HubInfo
  /** The pages' own stylesheet, hashed by the build. */
  stylesheet: string
}

export function embeddedStreet(
  context: ServedContext,
  street: StreetDetail,
  asked: StreetAsked,
  { info, stylesheet }: EmbedFrame
): string {
  const { words } = context
  const { sentences, answer } = streetPage(context, street, asked)
  const [first = '', ...rest] = sentences
  const query = asked.subject === 'air' ? '' : `?subject=${asked.subject}`
  const path = `/streets/${encodeURIComponent(street.id)}${query}`
  const stale = words.common.stale
  const name = info.name || words.common.brand
  const indicative = answer?.latest.level
    ? `<p class="small soft">${escaped(words.common.indicative)}</p>`
    : ''
  return (
    `<!doctype html><html lang="${words.common.locale}"><head><meta charset="utf-8" />` +
    `<meta name="viewport" content="width=device-width, initial-scale=1" />` +
    `<meta name="color-scheme" content="light dark" /><meta name="robots" content="noindex" />` +
    `<title>${escaped(words.common.title([street.name, name]))}</title>` +
    `<link rel="stylesheet" href="${escaped(stylesheet)}" /><script type="module" src="/embed.js"></script></head>` +
    `<body class="embed"><main><h1>${nameHtml(street.name)}</h1>` +
    `<p class="first"><span class="soft" id="as-of" hidden>${escaped(stale.asOf(momentText(context, context.now)))} </span>${emphasised(first)}</p>` +
    `<p class="small soft" id="why" hidden>${escaped(stale.silent)}</p>` +
    `${rest.length > 0 ? `<p>${emphasised(rest.join(' '))}</p>` : ''}${indicative}` +
    `${sparklineSvg(answer?.latest.recent ?? [])}` +
    `<p class="small"><a href="${escaped(path)}" target="_blank" rel="noopener">${escaped(words.common.served.whole(name))}</a></p>` +
    `</main></body></html>`
  )
}

const size = { width: 320, height: 48 } as const

/** Hours of the last day; gaps stay gaps. Decoration: the sentence has the number. */
function sparklineSvg(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return ''
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const x = (i: number): string => ((i / (values.length - 1)) * size.width).toFixed(1)
  const y = (value: number): string =>
    (size.height - 2 - ((value - low) / Math.max(high - low, 1e-9)) * (size.height - 4)).toFixed(1)
  const path = values
    .map((value, i) =>
      value === null ? '' : `${(values[i - 1] ?? null) === null ? 'M' : 'L'}${x(i)} ${y(value)}`
    )
    .join('')
  return `<svg viewBox="0 0 ${size.width} ${size.height}" width="100%" height="${size.height}" preserveAspectRatio="none" aria-hidden="true"><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke" /></svg>`
}
