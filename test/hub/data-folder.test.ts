/** One process at a time works on a data folder. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { DataFolderError, holdDataFolder } from '../../hub/data-folder.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
afterEach(() => mkdirSync(folder.path, { recursive: true }))

describe('holding a data folder', () => {
  it('makes it, for its owner alone', () => {
    const path = join(folder.path, 'a', 'data')
    const held = holdDataFolder(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    held.release()
    folder.remove()
  })

  it('is refused while another holds it, and possible again after', () => {
    const first = holdDataFolder(folder.path)
    expect(() => holdDataFolder(folder.path)).toThrow(DataFolderError)
    first.release()
    const second = holdDataFolder(folder.path)
    second.release()
    second.release()
    folder.remove()
  })
})
