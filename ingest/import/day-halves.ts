/** The words that twelve-hour clocks put beside the hour: am and pm, as the world's spreadsheets write them. Pure. */

/**
 * Before noon and after, from Unicode CLDR 46 (dayPeriods, abbreviated) for the languages that do not write AM and PM, and
 * what loggers write for them. No word stands for a half in one language and for the other half in another.
 */
const beforeNoon =
  'am a vm ጥዋት ص dop πμ قظ ap rn de fh 午前 오전 тң ກ່ອນທ່ຽງ priešpiet priekšp претпл үө pg နံနက် पूर्वाह्न පෙව pd fm öö дп to sa 上午'
const afterNoon =
  'pm p nm ከሰዓት م odp μμ بظ ip in du eh 午後 오후 тк ຫຼັງທ່ຽງ popiet pēcp попл үх ptg ညနေ अपराह्न පව pop md em ös пп tk ch 下午'

export type DayHalf = 'beforeNoon' | 'afterNoon'

/** Finds the half of the day that a word names; undefined for a word that names none. */
export type DayHalves = (word: string) => DayHalf | undefined

/** Of all languages, or of one file whose own two words are given. */
export function dayHalves(given?: readonly [before: string, after: string]): DayHalves {
  const before = given ? [given[0]] : beforeNoon.split(' ')
  const after = given ? [given[1]] : afterNoon.split(' ')
  const halves = new Map<string, DayHalf>()
  for (const word of before) halves.set(plain(word), 'beforeNoon')
  for (const word of after) halves.set(plain(word), 'afterNoon')
  return (word) => halves.get(plain(word))
}

/** "a. m.", "A.M." and "am" are one; so are words with marks that only steer the direction of writing. */
function plain(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s.\u200e\u200f]/gu, '')
}
