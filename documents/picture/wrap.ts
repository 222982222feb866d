/** Text into lines of a width. Letters are counted by kind, since a picture is made where no font measures them. */

/** Widths of Atkinson Hyperlegible in ems, each the largest of its kind, so that a line ends too early and never too late. */
const narrow = /[iljtfrI.,:;'’|()[\]!\s]/
const wide = /[mwMWＷ@%—…]/
const widthEm = { narrow: 0.36, usual: 0.6, upper: 0.69, wide: 0.92, ideograph: 1.05 } as const

export function textWidthEm(text: string): number {
  let sum = 0
  for (const letter of text) sum += letterEm(letter)
  return sum
}

function letterEm(letter: string): number {
  if (narrow.test(letter)) return widthEm.narrow
  if (wide.test(letter)) return widthEm.wide
  if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(letter))
    return widthEm.ideograph
  return /\p{Lu}/u.test(letter) ? widthEm.upper : widthEm.usual
}

export interface Column {
  widthPx: number
  sizePx: number
  linesMax: number
}

/** What does not fit ends in "…"; a word longer than a line is cut. No-break spaces hold. */
export function wrapped(text: string, { widthPx, sizePx, linesMax }: Column): string[] {
  const fits = (line: string): boolean => textWidthEm(line) * sizePx <= widthPx
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => cut(one, fits))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  lines.push(line)
  if (lines.length <= linesMax) return lines
  let last = lines[linesMax - 1]!
  while (last !== '' && !fits(`${last}…`)) last = last.slice(0, -1)
  return [...lines.slice(0, linesMax - 1), `${last.trimEnd()}…`]
}

function cut(word: string, fits: (text: string) => boolean): string[] {
  if (fits(word)) return [word]
  const letters = [...word]
  let end = letters.length
  while (end > 1 && !fits(letters.slice(0, end).join(''))) end--
  return [letters.slice(0, end).join(''), ...cut(letters.slice(end).join(''), fits)]
}
