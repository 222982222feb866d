/** The tar headers, against what POSIX says and what a large file needs. */
import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTar, tarEnd, tarHeader, tarPadding, type TarEntry } from '../../operate/backup/tar.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

async function entriesOf(bytes: Buffer): Promise<TarEntry[]> {
  const path = join(folder.path, 'archive.tar')
  writeFileSync(path, bytes)
  const file = await open(path, 'r')
  try {
    return await readTar(file)
  } finally {
    await file.close()
  }
}

const member = (name: string, text: string): Buffer =>
  Buffer.concat([tarHeader(name, text.length, 0), Buffer.from(text), tarPadding(text.length)])

describe('a tar archive', () => {
  it('has its members where the headers say', async () => {
    const bytes = Buffer.concat([member('a', 'x'.repeat(512)), member('b', ''), member('c', 'yes'), tarEnd])
    expect(await entriesOf(bytes)).toEqual([
      { name: 'a', bytes: 512, at: 512 },
      { name: 'b', bytes: 0, at: 1536 },
      { name: 'c', bytes: 3, at: 2048 }
    ])
  })

  it('writes fields where POSIX has them', () => {
    const header = tarHeader('readings.duckdb', 1_000, 1_767_225_600)
    expect(header.toString('latin1', 0, 16)).toBe('readings.duckdb\0')
    expect(header.toString('latin1', 100, 108)).toBe('0000600\0')
    expect(header.toString('latin1', 124, 136)).toBe('00000001750\0')
    expect(header.toString('latin1', 257, 265)).toBe('ustar\x0000')
  })

  it('holds sizes beyond eleven octal digits in base 256', async () => {
    const bytes = 12 * 1024 ** 3
    const header = tarHeader('readings.duckdb', bytes, 0)
    expect(header.subarray(124, 136).toString('hex')).toBe('800000000000000300000000')
    await expect(entriesOf(Buffer.concat([header, tarEnd]))).rejects.toThrow('readings.duckdb is truncated')
  })

  it.each([
    ['is truncated', (bytes: Buffer) => bytes.subarray(0, 700)],
    ['ends without its end', (bytes: Buffer) => bytes.subarray(0, 1_024)],
    ['has a changed header', (bytes: Buffer) => Buffer.from(bytes).fill('z', 0, 1)],
    ['is something else', () => Buffer.alloc(2_000, 'no tar ')]
  ])('is refused when it %s', async (_what, change) => {
    await expect(entriesOf(change(Buffer.concat([member('a', 'yes'), tarEnd])))).rejects.toThrow()
  })
})
