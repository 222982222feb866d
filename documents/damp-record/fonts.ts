/** The typeface of a record, and which of its files has a character: a name from elsewhere must not become an empty box. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type PDFDocument from 'pdfkit'
import { latinLetter } from '../../model/transliteration.ts'

export type FontName = 'regular' | 'bold' | 'regularExt' | 'boldExt'

const files: Record<FontName, string> = {
  regular: 'latin-400-normal',
  bold: 'latin-700-normal',
  regularExt: 'latin-ext-400-normal',
  boldExt: 'latin-ext-700-normal'
}

export interface Run {
  text: string
  font: FontName
}

/** What the typeface has no sign for but everybody understands. */
const spelled: Record<string, string> = {
  Δ: 'Delta ',
  Σ: 'sum ',
  φ: 'phi',
  '√': 'sqrt',
  '≤': 'at most ',
  '≥': 'at least ',
  '→': 'to',
  '\u202f': '\u00a0',
  '\t': ' '
}

/** Stands for what cannot be printed, and is in no alphabet of ours; the record's file in the archive has the character. */
export const notPrintable = '?'

interface Glyphs {
  font: { hasGlyphForCodePoint(codePoint: number): boolean }
}

export class Typeface {
  readonly #doc: PDFKit.PDFDocument
  readonly #has = new Map<FontName, (codePoint: number) => boolean>()
  /** Something was printed in other letters, or as `notPrintable`. */
  lost = false

  constructor(doc: InstanceType<typeof PDFDocument>) {
    this.#doc = doc
    for (const [name, file] of Object.entries(files) as [FontName, string][]) {
      const path = import.meta.resolve(
        `@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-${file}.woff`
      )
      doc.registerFont(name, readFileSync(fileURLToPath(path)))
      // PDFKit keeps the opened font of fontkit there; its types do not say so.
      const { font } = (doc.font(name) as unknown as { _font: Glyphs })._font
      this.#has.set(name, (codePoint) => font.hasGlyphForCodePoint(codePoint))
    }
  }

  /** Neighbouring characters of one font together. */
  runs(text: string, isBold: boolean): Run[] {
    const [plain, extended] = isBold ? (['bold', 'boldExt'] as const) : (['regular', 'regularExt'] as const)
    const runs: Run[] = []
    const add = (piece: string, font: FontName): void => {
      const last = runs.at(-1)
      if (last?.font === font) last.text += piece
      else runs.push({ text: piece, font })
    }
    for (const sign of text.normalize('NFC')) {
      const codePoint = sign.codePointAt(0)!
      if (sign === '\n' || this.#has.get(plain)!(codePoint)) add(sign, plain)
      else if (this.#has.get(extended)!(codePoint)) add(sign, extended)
      else if (Object.hasOwn(spelled, sign)) add(spelled[sign]!, plain)
      else {
        this.lost = true
        add(latinLetter(sign) ?? notPrintable, plain)
      }
    }
    return runs
  }

  use(font: FontName, size: number): void {
    this.#doc.font(font).fontSize(size)
  }
}
