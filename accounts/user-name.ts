/** Names to sign in with: any script, no spaces at the ends, told apart without regard to case. */
import { AccountsRefusal } from './accounts.ts'
import { userNameLengthMax, userNameLengthMin } from './limits.ts'

/** Letters, marks, digits, and a few signs between them. */
const pattern = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} ._'’-]*[\p{L}\p{M}\p{N}.]$/u

export function readUserName(typed: string): string {
  const name = typed.normalize('NFKC').trim().replaceAll(/\s+/g, ' ')
  const length = [...name].length
  if (length < userNameLengthMin || length > userNameLengthMax || !pattern.test(name)) {
    throw new AccountsRefusal(
      'badUserName',
      `Choose a user name of ${userNameLengthMin} to ${userNameLengthMax} letters or digits; spaces, dots, hyphens and apostrophes may stand between them.`
    )
  }
  return name
}

export function userNameKey(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toUpperCase().toLowerCase()
}
