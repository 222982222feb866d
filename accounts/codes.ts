/** Codes of invitations: made once, shown once, kept as a hash. `K7Q2-M4XA-9TRE`, without letters that look alike. */
import { createHash } from 'node:crypto'
import { codeLength } from './limits.ts'

export type RandomBytes = (count: number) => Uint8Array

/** Crockford's base32: no I, L, O or U; whoever types one of those means 1, 1, 0 and V. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 4

export function newCode(random: RandomBytes): string {
  const code = [...random(codeLength)].map((byte) => letters[byte % letters.length]!).join('')
  return code.match(new RegExp(`.{${groupLength}}`, 'g'))!.join('-')
}

/** The code as it was made, from what somebody typed; undefined where it cannot be one. */
export function readCode(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-–—_.]/g, '')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('O', '0')
    .replaceAll('U', 'V')
  if (plain.length !== codeLength || [...plain].some((letter) => !letters.includes(letter))) return undefined
  return plain.match(new RegExp(`.{${groupLength}}`, 'g'))!.join('-')
}

/** SHA-256 of 60 random bits: whoever has the file and a year of a large computer would find a code that ended long ago. */
export function hashOfCode(code: string): Uint8Array {
  return createHash('sha256').update(`lamppost-invitation:${code}`).digest()
}
