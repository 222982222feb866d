/** One uPlot in an element: new columns redraw it, new options replace it, unmounting destroys it. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { dayMs } from '../../../model/time.ts'
import { clockText, dateText, numberText } from '../../../words/format.ts'
import type { Guideline } from '../../../words/guideline.ts'
import { words } from '../words.ts'
import type { Aligned } from '../../../words/series.ts'
import { lonePoints, valueRange } from './columns.ts'
import { dashes } from './dashes.ts'
import { drawMarks, type Mark } from './marks.ts'

/** 'middle' is the street's line, 'low' and 'high' the edges of its band, 'site' a sensor, 'chosen' the one asked for, 'doubtful' its hollow dots. */
export type ColumnStyle = 'middle' | 'low' | 'high' | 'chosen' | 'site' | 'doubtful'

export interface PlotOptions {
  /** Which columns there are, in their order. */
  columns: readonly ColumnStyle[]
  fromZero: boolean
  /** The least the y axis spans, so that a tenth of a decibel does not look like a mountain. */
  spanMin: number
  guideline: Guideline | undefined
  /** Moments that somebody noted. */
  marks?: readonly Mark[]
  zone: string
  height: number
}

export interface PlotListener {
  /** Gives the caller a way to point at a place of the chart, as its keyboard does. */
  ready(point: (index: number) => void): void
  pointed(index: number | null): void
}

export function plot(
  options: PlotOptions,
  columns: () => Aligned,
  range: () => [number, number],
  listener: PlotListener
): Attachment<HTMLElement> {
  return (element) => {
    const drawing = new uPlot(uPlotOptions(element, options, range, listener), untrack(columns), element)
    listener.ready((index) => point(drawing, index))
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawing.setSize({ width: element.clientWidth, height: options.height })
    })
    resize.observe(element)
    followTouch(drawing)
    $effect(() => {
      range()
      drawing.setData(columns())
    })
    return () => {
      resize.disconnect()
      drawing.destroy()
    }
  }
}

/** 1, 2, 5, 10 …: uPlot would also label every 2.5, and nobody counts in those. */
const stepsOfAxis = [0.1, 1, 10, 100, 1_000, 10_000].flatMap((ten) => [ten, 2 * ten, 5 * ten])

function uPlotOptions(
  element: HTMLElement,
  options: PlotOptions,
  range: () => [number, number],
  listener: PlotListener
): uPlot.Options {
  const colour = coloursOf(element)
  const font = `13px ${getComputedStyle(element).fontFamily}`
  const { guideline, marks, zone } = options
  const low = options.columns.indexOf('low') + 1
  return {
    width: Math.max(element.clientWidth, 200),
    height: options.height,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), zone),
    padding: [14, 24, 0, 0],
    legend: { show: false },
    // Dragging would zoom, but the range is the address's: it changes there, for everybody who is sent the link.
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 8 } },
    scales: {
      x: { time: true, range: () => range() },
      y: { range: (self) => axisRange(self.data.slice(1), options) }
    },
    axes: [
      {
        stroke: colour.soft,
        font,
        grid: { stroke: colour.line, width: 1 },
        ticks: { stroke: colour.line, width: 1, size: 5 },
        space: 64,
        values: (_self, splits) => dateLabels(splits, zone)
      },
      {
        stroke: colour.soft,
        font,
        grid: { stroke: colour.line, width: 1 },
        ticks: { show: false },
        gap: 6,
        size: 40,
        incrs: stepsOfAxis,
        values: (_self, splits) =>
          splits.map((value) => numberText(words, value, Number.isInteger(value) ? 0 : 1))
      }
    ],
    series: [{}, ...seriesOf(options.columns, colour)],
    bands: low > 0 ? [{ series: [low + 1, low], fill: colour.band }] : [],
    hooks: {
      draw: [
        ...(guideline ? [(self: uPlot) => drawGuideline(self, guideline, colour, font)] : []),
        ...(marks ? [(self: uPlot) => drawMarks(self, marks, colour, font)] : [])
      ],
      setCursor: [(self) => listener.pointed(self.cursor.idx ?? null)]
    }
  }
}

/**
 * The range of the y axis. Doubtful readings have no say in it, as long as there are others: one reading of 999.9 at the end
 * of a sensor's scale would press a whole day flat.
 */
export function axisRange(
  columns: readonly ArrayLike<number | null | undefined>[],
  options: Pick<PlotOptions, 'columns' | 'guideline' | 'fromZero' | 'spanMin'>
): [number, number] {
  const sure = columns.filter((_column, i) => options.columns[i] !== 'doubtful')
  const isEmpty = sure.every((column) =>
    Array.from(column).every((value) => value === null || value === undefined)
  )
  return valueRange(isEmpty ? columns : sure, options.guideline?.value, options)
}

interface Colours {
  ink: string
  soft: string
  line: string
  band: string
  edge: string
  selection: string
  paper: string
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element)
  const of = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ink: of('--ink'),
    soft: of('--ink-soft'),
    line: of('--line'),
    band: of('--band'),
    edge: of('--edge'),
    selection: of('--selection'),
    paper: of('--paper')
  }
}

function seriesOf(columns: readonly ColumnStyle[], colour: Colours): uPlot.Series[] {
  let sites = 0
  return columns.map((style) => {
    // Dots only for values between two gaps, which a line cannot show.
    const points: uPlot.Series.Points = {
      show: true,
      size: 5,
      fill: style === 'chosen' ? colour.selection : colour.ink,
      filter: (self, i) => lonePoints(self.data[i] ?? [])
    }
    if (style === 'doubtful') {
      const dots = { show: true, size: 7, width: 1.5, fill: colour.paper, stroke: colour.ink }
      return { paths: () => null, points: dots }
    }
    // A band without edges is not seen in sunlight, or by those who see contrast badly.
    if (style === 'low' || style === 'high')
      return { width: 0.75, stroke: colour.edge, points: { show: false } }
    if (style === 'chosen') return { stroke: colour.selection, width: 2, points }
    if (style === 'site')
      return { stroke: colour.ink, width: 1.5, dash: [...dashes[sites++ % dashes.length]!], points }
    return { stroke: colour.ink, width: 2, points }
  })
}

/** Labels say no more than the distance between them needs: hours, days, or months, and the year where it changes. */
function dateLabels(splits: readonly number[], zone: string): string[] {
  const context = { words, zone }
  const step = (splits[1] ?? Infinity) - (splits[0] ?? 0)
  return splits.map((at) => {
    if (step >= 27 * dayMs) {
      const january = dateText(context, at, { month: 'numeric' }) === '1'
      return dateText(context, at, january ? { month: 'short', year: 'numeric' } : { month: 'short' })
    }
    const midnight = clockText(context, at) === '00:00'
    if (step < dayMs && !midnight) return clockText(context, at)
    return dateText(
      context,
      at,
      step < 3 * dayMs ? { weekday: 'short', day: 'numeric' } : { day: 'numeric', month: 'short' }
    )
  })
}

function drawGuideline(self: uPlot, guideline: Guideline, colour: Colours, font: string): void {
  const { ctx, bbox } = self
  const y = Math.round(self.valToPos(guideline.value, 'y', true))
  const scale = devicePixelRatio
  ctx.save()
  ctx.strokeStyle = colour.ink
  ctx.lineWidth = scale
  ctx.setLineDash([2 * scale, 3 * scale])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.font = font.replace(/^[\d.]+px/, `${13 * scale}px`)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'bottom'
  // On a phone the whole label would lie across half the chart; the legend has it in full.
  const label = bbox.width / scale < 480 ? (guideline.short ?? words.street.guidelineShort) : guideline.label
  const spot = labelSpot(self, y, ctx.measureText(label).width, scale)
  // A rim of paper keeps the words legible where the line of values crosses them.
  ctx.lineWidth = 4 * scale
  ctx.strokeStyle = colour.paper
  ctx.strokeText(label, spot.x, spot.y)
  ctx.fillStyle = colour.ink
  ctx.fillText(label, spot.x, spot.y)
  ctx.restore()
}

/** Of the four places beside the guideline the one that covers the fewest values: right or left, above or below. */
function labelSpot(self: uPlot, y: number, width: number, scale: number): { x: number; y: number } {
  const { bbox } = self
  const rowPx = 18 * scale
  const spots = [bbox.left + bbox.width - width - 4 * scale, bbox.left + 4 * scale].flatMap((x) => [
    { x, y: y - 3 * scale },
    { x, y: y + rowPx }
  ])
  const covered = ({ x, y: bottom }: { x: number; y: number }): number => {
    const from = self.posToIdx((x - bbox.left) / scale)
    const until = self.posToIdx((x + width - bbox.left) / scale)
    let count = 0
    for (const column of self.data.slice(1)) {
      for (let i = from; i <= until; i++) {
        const value = column[i]
        if (value === null || value === undefined) continue
        const at = self.valToPos(value, 'y', true)
        if (at > bottom - rowPx && at < bottom) count++
      }
    }
    return count
  }
  return spots.reduce((best, spot) => (covered(spot) < covered(best) ? spot : best))
}

function point(self: uPlot, index: number): void {
  const at = self.data[0][index]
  if (at === undefined) return
  self.setCursor({ left: self.valToPos(at, 'x'), top: self.bbox.height / devicePixelRatio / 2 })
}

/** uPlot follows the mouse only; a finger that slides sideways reads values too, one that slides up scrolls the page. */
function followTouch(self: uPlot): void {
  const follow = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') return
    const { left } = self.over.getBoundingClientRect()
    self.setCursor({ left: event.clientX - left, top: self.over.clientHeight / 2 })
  }
  self.over.style.touchAction = 'pan-y'
  self.over.addEventListener('pointerdown', follow)
  self.over.addEventListener('pointermove', follow)
}
