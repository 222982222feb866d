/** What a PDF says, read by poppler's pdftotext: lines as they stand on the page, and as one text without line breaks. */
import { execFileSync } from 'node:child_process'

export function pdfText(path: string, pdf: Uint8Array): { lines: string; flowing: string } {
  const read = (...args: string[]): string =>
    execFileSync(path, [...args, '-', '-'], { input: pdf, encoding: 'utf8' })
  const flowing = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll(/\s+/g, ' ')
  return { lines: read('-layout'), flowing: flowing(read()) }
}
