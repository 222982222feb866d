/** Rows that end before their header does: cells that a logger leaves away at the end, or a row that was cut. Pure. */

/**
 * What lacks at the end was not measured. The last cell that is there may have been cut in the middle, as where the power
 * went: it is believed when its number has as many decimals as the column always had, or, where that says nothing, when the
 * file has had rows of that length before.
 */
export class ShortRows {
  readonly #lengths = new Set<number>()
  /** Decimals of each column in whole rows; null where they differ. */
  readonly #decimals = new Map<number, number | null>()
  count = 0

  /** `places` are the columns whose numbers are taken. */
  whole(cells: readonly string[], places: readonly number[]): void {
    for (const place of places) {
      const cell = cells[place]
      if (cell === undefined || cell === '' || this.#decimals.get(place) === null) continue
      const decimals = decimalsOf(cell)
      const before = this.#decimals.get(place)
      if (before === undefined) this.#decimals.set(place, decimals)
      else if (before !== decimals) this.#decimals.set(place, null)
    }
  }

  /** Whether the last cell of a short row may be half a number; a row of this length is known from now on. */
  mayBeCut(cells: readonly string[]): boolean {
    this.count++
    const isKnown = this.#lengths.has(cells.length)
    this.#lengths.add(cells.length)
    const usual = this.#decimals.get(cells.length - 1)
    const decimals = decimalsOf(cells.at(-1) ?? '')
    if (usual !== undefined && usual !== null && (usual > 0 || decimals > 0)) return decimals !== usual
    return !isKnown
  }
}

function decimalsOf(cell: string): number {
  const point = Math.max(cell.lastIndexOf('.'), cell.lastIndexOf(','))
  return point === -1 ? 0 : cell.length - point - 1
}
