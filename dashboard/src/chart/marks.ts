/** Letters at the top of a chart, at moments that somebody noted, each with a thin line down to the axis. */
import type uPlot from 'uplot'
import { markRowsMax } from '../limits.ts'

export interface Mark {
  at: number
  letter: string
}

interface MarkColours {
  ink: string
  paper: string
  selection: string
}

/** A mark that would cover the one before it stands a row lower. */
export function drawMarks(self: uPlot, marks: readonly Mark[], colour: MarkColours, font: string): void {
  const { ctx, bbox } = self
  const scale = devicePixelRatio
  const side = 16 * scale
  ctx.save()
  ctx.font = font.replace(/^[\d.]+px/, `700 ${11 * scale}px`)
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  let [right, row] = [-Infinity, 0]
  for (const { at, letter } of marks.toSorted((a, b) => a.at - b.at)) {
    const x = Math.round(self.valToPos(at, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    const left = x - side / 2
    row = left < right ? (row + 1) % markRowsMax : 0
    right = left + side
    const top = bbox.top + row * (side + scale)
    ctx.strokeStyle = colour.selection
    ctx.lineWidth = scale
    ctx.beginPath()
    ctx.moveTo(x, top + side)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillStyle = colour.ink
    ctx.fillRect(left, top, side, side)
    ctx.fillStyle = colour.paper
    ctx.fillText(letter, left + side / 2, top + side / 2 + scale)
  }
  ctx.restore()
}
