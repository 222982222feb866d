/** A copy of the program, as a download of it would be: without what is installed or built. */
import { cpSync } from 'node:fs'
import { root } from './sources.ts'

const left = new Set(['node_modules', '.git', 'dist', 'data', 'data-demo', 'coverage', 'test', '.env', '.ci'])

export function copyProgram(folder: string): void {
  cpSync(root, folder, {
    recursive: true,
    filter: (source) => !left.has(source.slice(source.lastIndexOf('/') + 1)) || source === root
  })
}
