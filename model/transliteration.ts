/**
 * Letters of other scripts in Latin ones, for ids and for paper whose typeface lacks them: readable and unique enough, not
 * scholarly. Names keep their own script everywhere else.
 */

/** Written as pairs, so that a table can be read beside an alphabet. */
function table(pairs: string): ReadonlyMap<string, string> {
  return new Map(pairs.split(' ').map((pair) => [[...pair][0]!, [...pair].slice(1).join('')]))
}

/** The Library of Congress's romanisation of Arabic without its marks, and the letters that Persian and Urdu add. */
const arabic = table(
  'اa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz عa غgh فf قq كk لl مm نn هh وw يy ىa ةa ' +
    'ٱa پp چch ژzh کk گg یy ہh ےe ٹt ڈd ڑr ںn ھh'
)

/** The Academy of the Hebrew Language's simple romanisation (2006), its final forms too. */
const hebrew = table('אa בb גg דd הh וv זz חh טt יy ךk כk לl םm מm ןn נn סs עa ףf פp ץts צts קk רr שsh תt')

/** As passports and road signs write them: ICAO 9303 for Cyrillic, ELOT 743 for Greek. */
const cyrillic = table(
  'аa бb вv гg дd еe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юiu яia ' +
    'іi їi єie ґg ўu јj љlj њnj ћc ђdj џdz ѓgj ќkj ѕdz'
)
const greek = table('αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo')

/** Digits of Arabic and of Persian and Urdu. */
const digits = table('٠0 ١1 ٢2 ٣3 ٤4 ٥5 ٦6 ٧7 ٨8 ٩9 ۰0 ۱1 ۲2 ۳3 ۴4 ۵5 ۶6 ۷7 ۸8 ۹9')

const letters = new Map([...arabic, ...hebrew, ...cyrillic, ...greek, ...digits])

/** `text` is in lower case and taken apart (NFD), its marks removed; letters that no table has stay as they are. */
export function transliterated(text: string): string {
  return [...text].map((letter) => letters.get(letter) ?? letter).join('')
}

/** A letter as it stands in a text, its capital kept; '' for a mark or a sign without a shape; undefined where no table has it. */
export function latinLetter(sign: string): string | undefined {
  if (/^[\p{M}\p{Cf}]$/u.test(sign)) return ''
  const plain = sign.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')
  const latin = transliterated(plain)
  if (latin === plain) return undefined
  return sign === sign.toLowerCase() ? latin : latin.charAt(0).toUpperCase() + latin.slice(1)
}
