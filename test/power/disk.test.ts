/** The disk that cuts are made with: what was synced is there after a cut, and nothing else has to be. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/hub-process.ts'
import { randomFrom } from '../support/random.ts'
import { Disk, type DiskOp, type Keeps } from './disk.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const root = join(folder.path, 'root')
mkdirSync(root)
const file = join(root, 'file')
const other = join(root, 'other')

let cuts = 0

/** What a cut after these steps leaves of the two files: their text, or undefined where they are not there. */
function left(keeps: Keeps, ...ops: DiskOp[]): (string | undefined)[] {
  const disk = new Disk(root)
  for (const op of ops) disk.do(op)
  const into = join(folder.path, `cut-${cuts++}`)
  disk.cut(into, keeps, randomFrom(7 + cuts))
  return ['file', 'other'].map((name) =>
    existsSync(join(into, name)) ? readFileSync(join(into, name), 'latin1') : undefined
  )
}

const make = (path: string): DiskOp => ({ kind: 'makeFile', path })
const write = (path: string, at: number, text: string): DiskOp => ({
  kind: 'write',
  path,
  at,
  bytes: Buffer.from(text)
})
let syncs = 0
const sync = (path: string, ...meanwhile: DiskOp[]): DiskOp[] => {
  const number = syncs++
  return [{ kind: 'syncBegins', path, sync: number }, ...meanwhile, { kind: 'syncEnds', path, sync: number }]
}

describe('after a cut', () => {
  it('a file has its name only once its folder was synced', () => {
    expect(left('nothing', make(file), write(file, 0, 'text'), ...sync(file))).toEqual([undefined, undefined])
    const both = [...sync(file), ...sync(root)]
    expect(left('nothing', make(file), write(file, 0, 'text'), ...both)).toEqual(['text', undefined])
  })

  it('what was written after a sync began is not safe by it', () => {
    const steps = [make(file), ...sync(root), write(file, 0, 'text')]
    expect(left('nothing', ...steps, ...sync(file, write(file, 4, ' more')))).toEqual(['text', undefined])
    expect(left('everything', ...steps, ...sync(file, write(file, 4, ' more')))).toEqual([
      'text more',
      undefined
    ])
  })

  it('a rename, a removal and a shorter end are undone where nothing synced them', () => {
    const safe = [make(file), write(file, 0, 'text'), ...sync(file), ...sync(root)]
    const rename: DiskOp = { kind: 'rename', from: file, path: other }
    const remove: DiskOp = { kind: 'remove', path: file }
    const shorter: DiskOp = { kind: 'resize', path: file, size: 1 }
    expect(left('nothing', ...safe, rename)).toEqual(['text', undefined])
    expect(left('nothing', ...safe, rename, ...sync(root))).toEqual([undefined, 'text'])
    expect(left('nothing', ...safe, remove)).toEqual(['text', undefined])
    expect(left('nothing', ...safe, shorter)).toEqual(['text', undefined])
    expect(left('nothing', ...safe, shorter, ...sync(file))).toEqual(['t', undefined])
  })

  it('pages that were not synced are there, are not, or are torn, and those that were are whole', () => {
    const page = 'a'.repeat(4_096)
    const safe = [make(file), write(file, 0, page), ...sync(file), ...sync(root)]
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const [text = ''] = left('pages', ...safe, write(file, 0, 'b'.repeat(4_096)), write(file, 4_096, page))
      expect(text.slice(0, 4_096)).toMatch(/^b*a*$/)
      expect(text.slice(0, 4_096)).toHaveLength(4_096)
      seen.add(text.startsWith('a') ? 'old' : text.slice(0, 4_096).endsWith('b') ? 'new' : 'torn')
    }
    expect([...seen].toSorted()).toEqual(['new', 'old', 'torn'])
  })
})
