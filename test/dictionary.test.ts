/** One word for one thing: words that the dictionary of ARCHITECTURE.md replaced stay out of the names in the code. */
import { describe, expect, it } from 'vitest'
import { declaredNamesOf, read, sourceFiles } from './support/sources.ts'

interface Retired {
  word: RegExp
  instead: string
  /** Where the word keeps its meaning. */
  except?: RegExp
}

const retired: Retired[] = [
  { word: /(^|[a-z_])[Hh](ang|angs|anging|ung)(?![a-z])/, instead: 'installed' },
  { word: /(^|[a-z_])[Hh]eldBack/, instead: 'paused', except: /^model\/fault\.ts heldBack$/ },
  { word: /[Ll]etGo(?![a-z])/, instead: 'release, disconnect' },
  { word: /(^|[a-z_])[Aa]new(?![a-z])/, instead: 'again, rewrite, recalculate' },
  { word: /[Bb]yHeart/, instead: 'memory' },
  {
    word: /^takeBack$|[Tt]akenBack/,
    instead: 'withdraw a consent, undo an import',
    except: /^(words|dashboard)\//
  },
  { word: /[Cc]utShort|[Bb]rokenOff|[Gg]oneOnWith/, instead: 'interrupted, unfinished, truncated' },
  { word: /[Gg](ives|ive|ave)Way/, instead: 'replace' },
  { word: /[Tt]akesAlong|[Tt]akeAlong|[Bb]ringAlong/, instead: 'migrate, move' },
  { word: /[Rr]eadAlong|[Rr]eadingAlong/, instead: 'publicAccess' },
  {
    word: /(^|[a-z_])[Cc]ourses?(?![a-z])/,
    instead: 'progress, or what it is the course of',
    except: /^(science\/|words\/methods\/definitions)/
  },
  {
    // A place is where a sensor is: not an index, a connection, a line of a file or a session.
    word: /^(Influx|Stored|SignedIn|Core|Cell)Place$|^(index|row|cell)Place$/,
    instead: 'index, lowerBound, connection, row, session'
  }
]

describe('a retired word', () => {
  const names = sourceFiles().flatMap((file) => declaredNamesOf(file).map((name) => `${file} ${name}`))

  it.each(retired)('$word is in no name: $instead', ({ word, except }) => {
    const used = names.filter(
      (at) => word.test(at.slice(at.indexOf(' ') + 1)) && !(except?.test(at) ?? false)
    )
    expect(used).toEqual([])
  })

  it('is in no name of a file', () => {
    const old = /told-together|telling-store|held-|hanging|-anew|letting-go|by-heart/
    expect(sourceFiles().filter((file) => old.test(file))).toEqual([])
  })
})

it('every word of the dictionary is there once', () => {
  const table = read('ARCHITECTURE.md').split('\n## Words\n')[1]!.split('\n## ')[0]!
  const words = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/\*\*(.+?)\*\*/g)].map(([, word]) => word!)
  )
  expect(words.length).toBeGreaterThan(35)
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
})
