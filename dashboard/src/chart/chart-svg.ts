/** A chart as a picture that stands alone: title, axes, lines, band, guideline, legend and source, black on white. */
import { dayMs } from '../../../model/time.ts'
import { quantities } from '../../../model/quantity.ts'
import { dateText, numberText, unitLabel } from '../../../words/format.ts'
import { guidelineFor } from '../../../words/guideline.ts'
import type { Series } from '../../../words/series.ts'
import type { TextContext } from '../../../words/words.ts'
import type { Drawn } from '../state/street-view.svelte.ts'
import { valueRange } from './columns.ts'
import { dashes } from './dashes.ts'

const size = { width: 960, height: 540 } as const
const plot = { left: 64, right: 936, top: 84, bottom: 420 } as const
const lineCharacters = 118

export interface PictureWords {
  sentence: string
  source: string
  unit: string
}

export function chartSvg(text: TextContext, drawn: Drawn, { sentence, source }: PictureWords): string {
  const { middle, lines, alone, shown } = drawn
  const { unit } = quantities[shown.quantity]
  const guideline = guidelineFor(text, shown.quantity, middle.window)
  const band = alone ? [] : [middle.p25, middle.p75]
  const values = [...(alone ? [] : [middle.median, ...band]), ...lines.map(({ value }) => value)]
  const [low, high] = valueRange(values, guideline?.value, { fromZero: unit === 'µg/m³', spanMin: 10 })
  const { from, until } = shown.range
  const x = (at: number): number => plot.left + ((at - from) / (until - from)) * (plot.right - plot.left)
  const y = (value: number): number => plot.bottom - ((value - low) / (high - low)) * (plot.bottom - plot.top)
  const path = (series: Series): string => pathOf(series, x, y)
  const title = broken(sentence)
  const names = [
    ...(alone ? [] : [text.words.street.legendMiddle, text.words.street.legendBand]),
    ...lines.map(({ name }) => name),
    ...(guideline ? [guideline.label] : [])
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="Atkinson Hyperlegible, Verdana, sans-serif" font-size="14" fill="#1d1b18">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...title.map(
      (line, i) => `<text x="16" y="${26 + i * 20}" font-weight="${i === 0 ? 700 : 400}">${safe(line)}</text>`
    ),
    `<text x="16" y="${plot.top - 6}" font-size="13">${safe(`${text.words.common.labels[shown.quantity]}, ${unitLabel(text.words, unit)}`)}</text>`,
    ...valueTicks(low, high).map(
      (tick) =>
        `<path d="M${plot.left} ${y(tick)}H${plot.right}" stroke="#ded6c7"/><text x="${plot.left - 8}" y="${y(tick) + 5}" text-anchor="end" font-size="13">${safe(numberText(text.words, tick, Number.isInteger(tick) ? 0 : 1))}</text>`
    ),
    ...timeTicks(from, until).map(
      (at) =>
        `<path d="M${x(at)} ${plot.bottom}v5" stroke="#5c564c"/><text x="${x(at)}" y="${plot.bottom + 20}" text-anchor="middle" font-size="13">${safe(dateText(text, at, { day: 'numeric', month: 'short' }))}</text>`
    ),
    ...(alone ? [] : bandPaths(drawn, x, y)),
    ...(guideline
      ? [
          `<path d="M${plot.left} ${y(guideline.value)}H${plot.right}" stroke="#1d1b18" stroke-dasharray="2 3"/>`
        ]
      : []),
    ...(alone
      ? []
      : [
          `<path d="${path({ time: middle.time, value: middle.median })}" fill="none" stroke="#1d1b18" stroke-width="2"/>`
        ]),
    ...lines.map(
      (line, i) =>
        `<path d="${path(line)}" fill="none" stroke="${alone ? '#1d1b18' : '#9a5b00'}" stroke-width="1.5" stroke-dasharray="${alone ? dashes[i % dashes.length]!.join(' ') : ''}"/>`
    ),
    ...broken(names.join(' · ')).map(
      (line, i) => `<text x="16" y="${plot.bottom + 48 + i * 18}" font-size="13">${safe(line)}</text>`
    ),
    ...broken(source).map(
      (line, i) =>
        `<text x="16" y="${size.height - 28 + i * 16}" font-size="12" fill="#5c564c">${safe(line)}</text>`
    ),
    '</svg>'
  ].join('')
}

/** A gap ends the line; a value between two gaps is a dot, as on the page. */
function pathOf({ time, value }: Series, x: (at: number) => number, y: (value: number) => number): string {
  let isOpen = false
  return time
    .map((at, i) => {
      const one = value[i]
      if (one === null || one === undefined) {
        isOpen = false
        return ''
      }
      const isLone = !isOpen && (value[i + 1] ?? null) === null
      const point = `${isOpen ? 'L' : 'M'}${x(at).toFixed(1)} ${y(one).toFixed(1)}${isLone ? 'h2' : ''}`
      isOpen = true
      return point
    })
    .join('')
}

/** One shape for each stretch without a gap, with its edges drawn. */
function bandPaths({ middle }: Drawn, x: (at: number) => number, y: (value: number) => number): string[] {
  const stretches: number[][] = []
  let open: number[] | undefined
  for (const i of middle.time.keys()) {
    if (typeof middle.p25[i] === 'number' && typeof middle.p75[i] === 'number') {
      if (!open) stretches.push((open = []))
      open.push(i)
    } else open = undefined
  }
  return stretches.map((indices) => {
    const at = (column: readonly (number | null)[]) => (i: number) =>
      `${x(middle.time[i]!).toFixed(1)} ${y(column[i]!).toFixed(1)}`
    const upper = indices.map(at(middle.p75)).join('L')
    const lower = indices.toReversed().map(at(middle.p25)).join('L')
    return `<path d="M${upper}L${lower}Z" fill="#1d1b18" fill-opacity=".13" stroke="#857d70" stroke-width=".75"/>`
  })
}

function valueTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5
  const ten = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * ten).find((one) => one >= rough)!
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_none, i) => (first + i) * step)
}

function timeTicks(from: number, until: number): number[] {
  const count = Math.max(1, Math.min(8, Math.floor((until - from) / dayMs)))
  return Array.from({ length: count }, (_none, i) => from + ((until - from) * (i + 0.5)) / count)
}

function broken(text: string): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line.length + word.length >= lineCharacters) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.slice(0, 2)
}

function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('**', '')
}
