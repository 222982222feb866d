/** A4 pages with tags for screen readers: headings, paragraphs, lists and tables that go on over pages. */
import PDFDocument from 'pdfkit'
import { parts } from '../../words/emphasis.ts'
import { Typeface, type Run } from './fonts.ts'

export const margin = 56
/** Points; readable at arm's length, and on a photocopy of a photocopy. */
const sizes = { title: 20, heading2: 14, heading3: 11.5, text: 10, small: 8.5, cell: 8.5 } as const
const ink = '#111111'
const rule = '#767676'
const cellPadding = 3
/** A heading stays with at least this much of what it is the heading of. */
const keptTogether = 90

type Struct = PDFKit.PDFStructureElement

export interface PaperFacts {
  title: string
  author: string
  subject: string
  language: string
  madeAt: Date
}

export class Paper {
  readonly doc: PDFKit.PDFDocument
  readonly #type: Typeface
  readonly #root: Struct
  readonly left = margin
  readonly width: number

  constructor({ title, author, subject, language, madeAt }: PaperFacts) {
    this.doc = new PDFDocument({
      size: 'A4',
      margins: { top: margin, bottom: margin + 10, left: margin, right: margin },
      bufferPages: true,
      pdfVersion: '1.7',
      lang: language,
      tagged: true,
      displayTitle: true,
      info: { Title: title, Author: author, Subject: subject, CreationDate: madeAt, ModDate: madeAt }
    })
    this.#type = new Typeface(this.doc)
    this.width = this.doc.page.width - 2 * margin
    this.#root = this.doc.struct('Document')
    this.doc.addStructure(this.#root)
    this.doc.fillColor(ink)
  }

  title(text: string): void {
    this.#tagged('H1', () => this.#write(text, sizes.title, true))
    this.space(6)
  }

  heading(text: string, level: 2 | 3): void {
    this.space(level === 2 ? 14 : 8)
    this.need(keptTogether)
    this.#tagged(`H${level}`, () => this.#write(text, level === 2 ? sizes.heading2 : sizes.heading3, true))
    this.space(3)
    this.doc.outline.addItem(text)
  }

  paragraph(text: string, isSmall = false): void {
    this.need(2 * sizes.text)
    this.#tagged('P', () => this.#write(text, isSmall ? sizes.small : sizes.text))
    this.space(4)
  }

  list(items: readonly string[]): void {
    const list = this.doc.struct('L')
    this.#root.add(list)
    for (const item of items) {
      this.need(2 * sizes.text)
      const entry = this.doc.struct('LI')
      list.add(entry)
      const top = this.doc.y
      entry.add(this.#struct('Lbl', () => this.#write('•', sizes.text, false, { x: this.left, width: 12 })))
      this.doc.y = top
      const body = this.#struct('LBody', () =>
        this.#write(item, sizes.text, false, { x: this.left + 12, width: this.width - 12 })
      )
      entry.add(body)
      entry.end()
      this.space(2)
    }
    list.end()
    this.doc.x = this.left
  }

  command(text: string): void {
    this.need(30)
    this.#tagged('Code', () => this.#write(text, sizes.text, true))
    this.space(4)
  }

  /** The first cell of a row is its name where `isNamed`. */
  table(
    {
      head,
      rows,
      widths
    }: {
      head?: readonly string[]
      rows: readonly (readonly string[])[]
      widths?: readonly number[] | undefined
    },
    isNamed = false
  ): void {
    const columns = this.#columnsOf(widths ?? (rows[0] ?? head ?? []).map(() => 1))
    const table = this.doc.struct('Table')
    this.#root.add(table)
    const drawHead = (): void => this.#row(table, head ?? [], columns, 'head')
    const room = this.bottom - margin - 60
    const headHeight = head ? this.#heightOf(head, columns, true) : 0
    const all = rows.reduce((sum, row) => sum + this.#heightOf(row, columns, false), headHeight)
    // A short table stays on one page.
    this.need(all < room / 2 ? all : headHeight + 40)
    if (head) drawHead()
    for (const cells of rows.flatMap((row) => this.#splitTall(row, columns, room))) {
      if (this.need(this.#heightOf(cells, columns, false)) && head) this.#repeatedHead(head, columns)
      this.#row(table, cells, columns, isNamed ? 'named' : 'plain')
    }
    table.end()
    this.doc.x = this.left
    this.space(6)
  }

  /** Something drawn, of a known height, with words for those who do not see it. */
  figure(height: number, alt: string, draw: (left: number, top: number) => void): void {
    this.need(height)
    const [left, top] = [this.left, this.doc.y]
    const bbox: [number, number, number, number] = [left, top, left + this.width, top + height]
    this.#root.add(this.#struct('Figure', () => draw(left, top), { alt, bbox }))
    this.doc.x = this.left
    this.doc.y = top + height
    this.space(6)
  }

  /** One line of small text, for drawings. */
  label(
    text: string,
    x: number,
    y: number,
    options: { width?: number; align?: 'left' | 'right' | 'center' } = {}
  ): void {
    this.doc.fillColor(ink)
    const runs = this.#type.runs(text, false)
    const font = runs[0]?.font ?? 'regular'
    this.#type.use(font, sizes.small - 1)
    this.doc.text(runs.map((run) => run.text).join(''), x, y, {
      lineBreak: options.width !== undefined,
      ...options
    })
  }

  space(points: number): void {
    this.doc.y += points
  }

  /** Begins a new page where less than this is left; true where it did. */
  need(height: number): boolean {
    if (this.doc.y + height <= this.bottom) return false
    this.doc.addPage()
    this.doc.fillColor(ink)
    return true
  }

  get bottom(): number {
    return this.doc.page.height - this.doc.page.margins.bottom
  }

  /** Something could not be printed in this typeface. */
  get hasLost(): boolean {
    return this.#type.lost
  }

  /** Numbers the pages and gives the file. */
  async file(footer: (page: number, of: number) => string): Promise<Uint8Array> {
    const { start, count } = this.doc.bufferedPageRange()
    for (let page = start; page < start + count; page++) {
      this.doc.switchToPage(page)
      // Below the margin text would begin a page.
      const { bottom } = this.doc.page.margins
      this.doc.page.margins.bottom = 0
      this.doc.markContent('Artifact', { type: 'Pagination' })
      const y = this.doc.page.height - margin + 4
      this.label(footer(page + 1, count), this.left, y, { width: this.width, align: 'right' })
      this.doc.endMarkedContent()
      this.doc.page.margins.bottom = bottom
    }
    this.#root.end()
    const pieces: Buffer[] = []
    const ended = new Promise<void>((resolve, reject) => {
      this.doc.on('data', (piece: Buffer) => pieces.push(piece))
      this.doc.once('end', resolve)
      this.doc.once('error', reject)
    })
    this.doc.end()
    await ended
    return Buffer.concat(pieces)
  }

  /** PDFKit's types know neither `bbox` nor `scope` (its lib/structure_element.js does). */
  #struct(
    type: string,
    draw: () => void,
    options: { alt?: string; bbox?: number[]; scope?: string } = {}
  ): Struct {
    return this.doc.struct(type as 'P', options as object, draw)
  }

  #tagged(type: string, draw: () => void): void {
    this.#root.add(this.#struct(type, draw))
  }

  #runs(text: string, isBold: boolean): Run[] {
    return parts(text).flatMap((part) => this.#type.runs(part.text, isBold || part.strong))
  }

  #write(
    text: string,
    size: number,
    isBold = false,
    { x = this.left, width = this.width }: { x?: number; width?: number } = {}
  ): void {
    const runs = this.#runs(text, isBold)
    runs.forEach(({ text: piece, font }, i) => {
      this.#type.use(font, size)
      const options = { width, lineGap: size * 0.25, continued: i < runs.length - 1 }
      if (i === 0) this.doc.text(piece, x, this.doc.y, options)
      else this.doc.text(piece, options)
    })
  }

  #columnsOf(widths: readonly number[]): { x: number; width: number }[] {
    const all = widths.reduce((sum, width) => sum + width, 0)
    let x = this.left
    return widths.map((share) => {
      const column = { x, width: (this.width * share) / all }
      x += column.width
      return column
    })
  }

  #heightOf(cells: readonly string[], columns: readonly { width: number }[], isBold: boolean): number {
    this.#type.use(isBold ? 'bold' : 'regular', sizes.cell)
    const heights = cells.map((cell, i) =>
      this.doc.heightOfString(cell, { width: columns[i]!.width - 2 * cellPadding, lineGap: 1.5 })
    )
    return Math.max(sizes.cell, ...heights) + 2 * cellPadding
  }

  /** A row that no page holds becomes several. */
  #splitTall(
    cells: readonly string[],
    columns: readonly { width: number }[],
    room: number
  ): (readonly string[])[] {
    if (this.#heightOf(cells, columns, false) <= room) return [cells]
    const longest = cells.reduce((most, cell, i) => (cell.length > cells[most]!.length ? i : most), 0)
    const text = cells[longest]!
    const middle = text.lastIndexOf(' ', text.length / 2)
    const at = middle > 0 ? middle : Math.floor(text.length / 2)
    const first = cells.map((cell, i) => (i === longest ? text.slice(0, at) : cell))
    const rest = cells.map((_cell, i) => (i === longest ? text.slice(at).trim() : ''))
    return [first, rest].flatMap((part) => this.#splitTall(part, columns, room))
  }

  #row(
    table: Struct,
    cells: readonly string[],
    columns: readonly { x: number; width: number }[],
    kind: 'head' | 'named' | 'plain'
  ): void {
    const row = this.doc.struct('TR')
    table.add(row)
    const top = this.doc.y
    const height = this.#heightOf(cells, columns, kind === 'head')
    cells.forEach((cell, i) => {
      const isName = kind === 'head' || (kind === 'named' && i === 0)
      const scope = kind === 'head' ? 'Column' : 'Row'
      const draw = (): void => this.#cell(cell, columns[i]!, top, kind === 'head')
      row.add(isName ? this.#struct('TH', draw, { scope }) : this.#struct('TD', draw))
    })
    row.end()
    this.#line(top + height)
    this.doc.y = top + height
  }

  /** On the next page: for eyes alone, since a screen reader has the head already. */
  #repeatedHead(head: readonly string[], columns: readonly { x: number; width: number }[]): void {
    const top = this.doc.y
    const height = this.#heightOf(head, columns, true)
    this.doc.markContent('Artifact', { type: 'Layout' })
    head.forEach((cell, i) => this.#cell(cell, columns[i]!, top, true))
    this.doc.endMarkedContent()
    this.#line(top + height)
    this.doc.y = top + height
  }

  #cell(text: string, { x, width }: { x: number; width: number }, top: number, isBold: boolean): void {
    const runs = this.#runs(text, isBold)
    runs.forEach(({ text: piece, font }, i) => {
      this.#type.use(font, sizes.cell)
      const options = { width: width - 2 * cellPadding, lineGap: 1.5, continued: i < runs.length - 1 }
      if (i === 0) this.doc.text(piece, x + cellPadding, top + cellPadding, options)
      else this.doc.text(piece, options)
    })
  }

  #line(y: number): void {
    this.doc.markContent('Artifact', { type: 'Layout' })
    this.doc
      .lineWidth(0.4)
      .strokeColor(rule)
      .moveTo(this.left, y)
      .lineTo(this.left + this.width, y)
      .stroke()
    this.doc.endMarkedContent()
  }
}
