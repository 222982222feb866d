/**
 * The picture of a street for previews of a link, 1200 × 630: its name, the sentence of its page and the last 12 months. The
 * same words as everywhere, drawn as our own SVG.
 */
import type { StreetDetail } from '../../contract/street.ts'
import { levelColour } from '../../science/level-colour.ts'
import { streetPage } from '../../words/street-page.ts'
import type { FigureContext } from '../../words/street.ts'
import { longDayText, clockText } from '../../words/format.ts'
import type { Subject } from '../../words/subject.ts'
import { escaped, plain } from '../page/html.ts'
import { pictureNameCharactersMax } from '../limits.ts'
import { wrapped } from './wrap.ts'

export const pictureSize = { width: 1200, height: 630 } as const

/** Light, as on paper: messengers show it on white and on black. */
const ink = '#1d1b18'
const soft = '#5c564c'
const paper = '#faf7f1'
const lamp = '#e8a33d'
/** The scale of levels of the pages (dashboard/src/style/base.css), pale to deep. */
const levels = ['#c5e3e6', '#92b8dc', '#7f82c8', '#7a45a8', '#571066'] as const

const left = 72
const textWidth = pictureSize.width - 2 * left

export function streetPicture(
  context: FigureContext,
  street: StreetDetail,
  subject: Subject,
  hubName: string
): string {
  const { sentences, answer } = streetPage(context, street, { subject, values: 'raw', quantity: null })
  const { common } = context.words
  const name =
    street.name.length > pictureNameCharactersMax
      ? `${street.name.slice(0, pictureNameCharactersMax - 1)}…`
      : street.name
  const [first = '', ...rest] = sentences.map(plain)
  const level = answer?.latest.level
  const lines = [
    ...textLines(name, { size: 64, bold: true, lines: 2 }),
    ...textLines(first, { size: 40, lines: 4 }),
    ...textLines(rest.slice(0, 2).join(' '), { size: 28, lines: 3, fill: soft })
  ]
  const when = `${longDayText(context, context.now)}, ${clockText(context, context.now)}`
  const foot = [hubName || common.brand, when, ...(level ? [common.served.indicative] : [])].join(' · ')
  const { width, height } = pictureSize
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    levelBar(level ? levelColour(level) : undefined),
    ...placed(lines),
    `<g transform="translate(${left} ${height - 76}) scale(1.4)">`,
    `<path d="M12 21.5V27" stroke="${ink}" stroke-width="2.5" stroke-linecap="round"/>`,
    `<path d="M3.5 9 L12 1 L20.5 9 Z" fill="${ink}"/><path d="M5.5 10.5 H18.5 L16 19.5 H8 Z" fill="${lamp}"/></g>`,
    `<text x="${left + 52}" y="${height - 46}" font-family="${family}" font-size="26" fill="${soft}">${escaped(foot)}</text>`,
    '</svg>'
  ].join('')
}

const family = 'Atkinson Hyperlegible'

interface TextStyle {
  size: number
  lines: number
  bold?: boolean
  fill?: string
}

interface DrawnLine extends TextStyle {
  text: string
  /** The last of its paragraph: more room follows. */
  isLast: boolean
}

function textLines(text: string, style: TextStyle): DrawnLine[] {
  if (text === '') return []
  const lines = wrapped(text, { widthPx: textWidth, sizePx: style.size, linesMax: style.lines })
  return lines.map((line, i) => ({ ...style, text: line, isLast: i === lines.length - 1 }))
}

function placed(lines: readonly DrawnLine[]): string[] {
  let y = 60
  return lines.map(({ text, size, bold, fill = ink, isLast }) => {
    y += Math.round(size * 1.18)
    const baseline = y
    if (isLast) y += 26
    const weight = bold ? ' font-weight="700"' : ''
    return `<text x="${left}" y="${baseline}" font-family="${family}" font-size="${size}"${weight} fill="${fill}">${withSubscripts(text)}</text>`
  })
}

/** "NO₂": the typeface has no small digits below the line, so ordinary ones are set small and low. */
function withSubscripts(text: string): string {
  return escaped(text).replaceAll(
    /[\u2080-\u2089]/g,
    (digit) => `<tspan baseline-shift="-18%" font-size="70%">${digit.charCodeAt(0) - 0x2080}</tspan>`
  )
}

/** The five steps of the scale along the left edge, the street's one wide: colour and place say the same. */
function levelBar(chosen: number | undefined): string {
  const height = pictureSize.height / levels.length
  return levels
    .map((colour, i) => {
      const width = i === chosen ? 36 : 12
      return `<rect x="0" y="${pictureSize.height - (i + 1) * height}" width="${width}" height="${height}" fill="${colour}"/>`
    })
    .join('')
}
