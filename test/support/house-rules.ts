/** What the table of the house allows a file to import. */
import { house, type Row } from './house.ts'

/** The name of the row that holds for a file; undefined where it belongs nowhere. */
export function rowNameOf(file: string): string | undefined {
  const covers = (name: string): boolean => (name.endsWith('/') ? file.startsWith(name) : file === name)
  return Object.keys(house)
    .filter(covers)
    .toSorted((a, b) => b.length - a.length)[0]
}

export function allowsOurs(file: string, target: string): boolean {
  if (roomOf(target) === roomOf(file)) return true
  return rowOf(file).ours.some((entry) => (entry.endsWith('/') ? target.startsWith(entry) : target === entry))
}

export function allowsTheirs(file: string, specifier: string): boolean {
  const { theirs, node } = rowOf(file)
  const guarded = specifier === 'node:sqlite'
  if (specifier.startsWith('node:') && !guarded) return node
  return theirs.some((entry) =>
    entry.endsWith('*')
      ? specifier.startsWith(entry.slice(0, -1))
      : specifier === entry || specifier.startsWith(`${entry}/`)
  )
}

function roomOf(file: string): string {
  const slash = file.indexOf('/')
  return slash === -1 ? file : file.slice(0, slash + 1)
}

const nothing: Row = { ours: [], theirs: [], node: false }

function rowOf(file: string): Row {
  return house[rowNameOf(file) ?? ''] ?? nothing
}
