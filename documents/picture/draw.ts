/** SVG to PNG with the typeface of the pages, whatever fonts the machine has. It works on a thread of the library's own. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderAsync } from '@resvg/resvg-js'
import { unpackWoff } from './woff.ts'

const faces = ['latin-400', 'latin-700', 'latin-ext-400', 'latin-ext-700'] as const

export interface Drawer {
  png(svg: string): Promise<Buffer>
  close(): Promise<void>
}

/** Unpacks the fonts into a folder of its own: the library takes files, 400 KB in all. `close` removes it. */
export async function openDrawer(): Promise<Drawer> {
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-fonts-'))
  const { resolve } = createRequire(import.meta.url)
  const fontFiles = await Promise.all(
    faces.map(async (face) => {
      const woff = readFileSync(
        resolve(`@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-${face}-normal.woff`)
      )
      const path = join(folder, `${face}.ttf`)
      await writeFile(path, unpackWoff(woff))
      return path
    })
  )
  return {
    async png(svg) {
      // Names in Arabic or Han need letters that our typeface has not; the machine's own fonts are asked then only.
      const loadSystemFonts = /[^\u0000-\u024f\u2000-\u22ff]/.test(svg)
      const image = await renderAsync(svg, {
        font: { fontFiles, loadSystemFonts, defaultFontFamily: 'Atkinson Hyperlegible' }
      })
      return image.asPng()
    },
    close: () => rm(folder, { recursive: true, force: true })
  }
}
