/** Line charts as vectors, told apart by dashes and strength and not by colour: a photocopy reads as well as the original. */
import type { DampColumns } from '../../contract/own.ts'
import { dayMs, dayStart, nextDayStart, type UnixMs } from '../../model/time.ts'
import { margin, type Paper } from './paper.ts'

export interface ChartLine {
  label: string
  values: readonly (number | null)[]
  style: 'strong' | 'plain' | 'dashed' | 'dotted'
}

export interface ChartShape {
  title: string
  alt: string
  unit: string
  time: readonly number[]
  window: DampColumns['window']
  lines: readonly ChartLine[]
  /** A value from which something holds, with what it is. */
  limit?: { value: number; label: string }
  timezone: string
  /** "5 Jan" of a moment. */
  dayText(at: number): string
}

const strokes = {
  strong: { width: 1.5, color: '#000000', dash: null },
  plain: { width: 0.8, color: '#555555', dash: null },
  dashed: { width: 1, color: '#333333', dash: [5, 3] },
  dotted: { width: 1.2, color: '#333333', dash: [1, 2] }
} as const

const plotHeight = 130
const axisWidth = 30
const titleHeight = 14
const legendHeight = 14
const tickHeight = 14
export const chartHeight = titleHeight + legendHeight + plotHeight + tickHeight

export function drawChart(paper: Paper, shape: ChartShape): void {
  paper.figure(chartHeight, shape.alt, (left, top) => {
    paper.label(`${shape.title}, ${shape.unit}`, left, top)
    legend(paper, shape, left, top + titleHeight)
    const plot = {
      left: left + axisWidth,
      top: top + titleHeight + legendHeight,
      width: paper.width - axisWidth,
      height: plotHeight
    }
    axes(paper, shape, plot)
  })
}

interface Plot {
  left: number
  top: number
  width: number
  height: number
}

function legend(paper: Paper, { lines, limit }: ChartShape, left: number, top: number): void {
  let x = left
  const entry = (style: ChartLine['style'], label: string): void => {
    stroke(paper, style)
    paper.doc
      .moveTo(x, top + 4)
      .lineTo(x + 22, top + 4)
      .stroke()
      .undash()
    paper.label(label, x + 26, top)
    x += 26 + paper.doc.widthOfString(label) + 14
  }
  for (const { style, label } of lines) entry(style, label)
  if (limit) entry('dotted', limit.label)
}

function axes(paper: Paper, shape: ChartShape, plot: Plot): void {
  const { doc } = paper
  const { time, lines, limit } = shape
  const [from, until] = spanOf(time, shape.window)
  const [low, high, step] = scaleOf([...lines.flatMap(({ values }) => values), limit?.value ?? null])
  const xOf = (at: number): number => plot.left + ((at - from) / (until - from)) * plot.width
  const yOf = (value: number): number => plot.top + (1 - (value - low) / (high - low)) * plot.height
  for (let value = low; value <= high + 1e-9; value += step) {
    doc
      .lineWidth(0.3)
      .strokeColor('#bbbbbb')
      .moveTo(plot.left, yOf(value))
      .lineTo(plot.left + plot.width, yOf(value))
      .stroke()
    paper.label(String(value), plot.left - axisWidth, yOf(value) - 5, {
      width: axisWidth - 4,
      align: 'right'
    })
  }
  for (const at of dayTicks(from, until, shape.timezone)) {
    doc
      .lineWidth(0.3)
      .strokeColor('#bbbbbb')
      .moveTo(xOf(at), plot.top + plot.height)
      .lineTo(xOf(at), plot.top + plot.height + 3)
      .stroke()
    const x = Math.min(xOf(at), doc.page.width - margin - 34)
    paper.label(shape.dayText(at), x, plot.top + plot.height + 4)
  }
  if (limit) {
    stroke(paper, 'dotted')
    doc
      .moveTo(plot.left, yOf(limit.value))
      .lineTo(plot.left + plot.width, yOf(limit.value))
      .stroke()
      .undash()
  }
  // The main line comes last, over the others.
  for (const line of lines.toSorted((a, b) => Number(a.style === 'strong') - Number(b.style === 'strong')))
    drawLine(paper, time, line, (i) => xOf(time[i]! + (shape.window === 'day' ? dayMs / 2 : 0)), yOf)
}

/** A gap stays a gap; a single value between two gaps is a point. */
function drawLine(
  paper: Paper,
  time: readonly number[],
  { values, style }: ChartLine,
  xOf: (index: number) => number,
  yOf: (value: number) => number
): void {
  const { doc } = paper
  stroke(paper, style)
  doc.lineJoin('round')
  let isDrawing = false
  for (let i = 0; i < time.length; i++) {
    const value = values[i] ?? null
    if (value === null) {
      isDrawing = false
      continue
    }
    const [x, y] = [xOf(i), yOf(value)]
    if (isDrawing) doc.lineTo(x, y)
    else {
      const isAlone = (values[i + 1] ?? null) === null
      doc.moveTo(isAlone ? x - 0.7 : x, y)
      if (isAlone) doc.lineTo(x + 0.7, y)
    }
    isDrawing = true
  }
  doc.stroke().undash()
}

function stroke({ doc }: Paper, style: ChartLine['style']): void {
  const { width, color, dash } = strokes[style]
  doc.lineWidth(width).strokeColor(color)
  if (dash) doc.dash(dash[0], { space: dash[1] })
  else doc.undash()
}

function spanOf(time: readonly number[], window: ChartShape['window']): [number, number] {
  const [first, last] = [time[0] ?? 0, time.at(-1) ?? 1]
  const length = window === 'day' ? dayMs : dayMs / 24
  return [first, last + length]
}

/** Round numbers around the values, at most seven lines. */
function scaleOf(values: readonly (number | null)[]): [low: number, high: number, step: number] {
  const known = values.filter((value) => value !== null)
  const [least, most] = known.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity]
  )
  if (known.length === 0) return [0, 1, 1]
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => (most - least) / one <= 6) ?? 200
  const low = Math.floor(least / step) * step
  return [low, Math.max(low + step, Math.ceil(most / step) * step), step]
}

/** Midnights, at most eight of them. */
function dayTicks(from: number, until: number, timezone: string): number[] {
  const days = Math.max(1, Math.ceil((until - from) / dayMs / 8))
  const ticks: number[] = []
  let at = dayStart(from as UnixMs, timezone)
  for (let day = 0; at < until; day++) {
    if (at >= from && day % days === 0) ticks.push(at)
    at = nextDayStart(at, timezone)
  }
  return ticks
}
