/** Settings of a box as a terminal shows them. */
import type { BoxSettings } from '../hub/hosting/box-settings.ts'

export function settingsText(dialect: string, settings: readonly BoxSettings[]): string {
  const page = `docs/devices/${dialect}.md`
  if (settings.length === 0) return `How to set it up: ${page}`
  const blocks = settings.map(({ name, text }) =>
    [
      settings.length === 1 ? 'Settings for it:' : `Settings, ${name}:`,
      ...text.split('\n').map((line) => `  ${line}`)
    ].join('\n')
  )
  return [...blocks, `More, and troubleshooting: ${page}`].join('\n')
}
