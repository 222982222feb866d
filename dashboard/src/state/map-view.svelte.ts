/** How far the map is zoomed and moved. At 1 all streets are seen, and there is nothing to move. */
import { mapZoomMax } from '../limits.ts'
import type { Point, Size } from '../map/projection.ts'

export class MapView {
  zoom = $state(1)
  x = $state(0)
  y = $state(0)

  /** From where all streets are seen to where they are seen now. */
  place({ x, y }: Point): Point {
    return { x: x * this.zoom + this.x, y: y * this.zoom + this.y }
  }

  /** What is at `at` stays there. */
  zoomBy(factor: number, at: Point, size: Size): void {
    const zoom = Math.max(1, Math.min(mapZoomMax, this.zoom * factor))
    const grown = zoom / this.zoom
    this.zoom = zoom
    this.#moveTo(at.x - (at.x - this.x) * grown, at.y - (at.y - this.y) * grown, size)
  }

  moveBy(dx: number, dy: number, size: Size): void {
    this.#moveTo(this.x + dx, this.y + dy, size)
  }

  reset(): void {
    this.zoom = 1
    this.x = 0
    this.y = 0
  }

  /** The map never leaves its frame. */
  #moveTo(x: number, y: number, { width, height }: Size): void {
    this.x = Math.min(0, Math.max(width * (1 - this.zoom), x))
    this.y = Math.min(0, Math.max(height * (1 - this.zoom), y))
  }
}
