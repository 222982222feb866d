/** What every page is given. */
import type { Shell } from './state/shell.svelte.ts'

export interface PageProps {
  shell: Shell
  /** The parts of the address that the pattern names: { id } of '/streets/:id'. */
  params: Record<string, string>
}
