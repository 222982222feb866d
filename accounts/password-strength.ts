/** Whether a password can be guessed: by its length and by what zxcvbn knows of passwords, names and keyboards. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { AccountsRefusal } from './accounts.ts'
import { passwordLengthMax, passwordLengthMin, passwordScoreMin } from './limits.ts'

/** `known` are words that an attacker tries first: the person's user name, the hub's name. */
export type CheckPassword = (password: string, known: readonly string[]) => void

/** @throws AccountsRefusal weakPassword (by what it returns), saying what would do. */
export function passwordCheck(): CheckPassword {
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: passwordLengthMax })
  return (password, known) => {
    const length = [...password].length
    if (length < passwordLengthMin) throw weak(`The password has ${length} characters.`)
    if (length > passwordLengthMax) throw weak(`The password is longer than ${passwordLengthMax} characters.`)
    const { score } = zxcvbn.check(
      password,
      known.filter((word) => word.length > 2)
    )
    if (score < passwordScoreMin) throw weak('This password is easy to guess.')
  }
}

function weak(why: string): AccountsRefusal {
  return new AccountsRefusal(
    'weakPassword',
    `${why} Use at least ${passwordLengthMin} characters: three or four words that do not belong together are easy to remember and hard to guess.`
  )
}
