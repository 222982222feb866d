/** What was being made outside of the data folder when its process was killed: removed later, and not from under who is at work. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteUnfinished, removeUnfinished } from '../../hub/unfinished.ts'
import { temporaryFolder } from '../support/hub-process.ts'

let folder = temporaryFolder()
let data = ''
let partial = ''
beforeEach(() => {
  folder = temporaryFolder()
  data = join(folder.path, 'data')
  const disk = join(folder.path, 'disk')
  for (const path of [data, disk]) mkdirSync(path)
  partial = join(disk, 'x.tar.partial')
})
afterEach(() => folder.remove())

const notes = (): string[] => readdirSync(data)

describe('unfinished files', () => {
  it('of a process that is gone are removed', async () => {
    const work = `const { noteUnfinished } = await import(process.argv[1]);
      noteUnfinished(process.argv[2], [process.argv[3]]); console.log('noted'); setInterval(() => 0, 1000)`
    const module = join(import.meta.dirname, '..', '..', 'hub', 'unfinished.ts')
    const child = spawn(process.execPath, ['--input-type=module', '-e', work, module, data, partial])
    await once(child.stdout, 'data')
    writeFileSync(partial, 'what a home measured')
    expect(removeUnfinished(data)).toEqual([])
    expect(existsSync(partial)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(removeUnfinished(data)).toEqual([partial])
    expect([existsSync(partial), notes()]).toEqual([false, []])
  })

  it('of this process stay while it works, and those of one before it with the same number go', () => {
    const forget = noteUnfinished(data, [partial])
    writeFileSync(partial, '')
    expect(removeUnfinished(data)).toEqual([])
    for (const name of notes()) utimesSync(join(data, name), 1, 1)
    expect(removeUnfinished(data)).toEqual([partial])
    forget()
    expect(notes()).toEqual([])
  })

  it('on a disk that is away are removed when it is back', () => {
    noteUnfinished(data, [partial])
    for (const name of notes()) utimesSync(join(data, name), 1, 1)
    writeFileSync(partial, '')
    renameSync(join(folder.path, 'disk'), join(folder.path, 'away'))
    expect(removeUnfinished(data)).toEqual([])
    renameSync(join(folder.path, 'away'), join(folder.path, 'disk'))
    expect(removeUnfinished(data)).toEqual([partial])
  })

  it('of which a power cut left no word are nobody’s', () => {
    writeFileSync(join(data, `unfinished-${'0'.repeat(16)}.json`), '')
    expect(removeUnfinished(data)).toEqual([])
    expect(notes()).toEqual([])
  })

  it('are none where there is no folder', () => {
    expect(removeUnfinished(join(folder.path, 'nowhere'))).toEqual([])
  })
})
