/** How the command line names persons. */
import type { Person } from '../../model/person.ts'

export function personText({ personId, name }: Pick<Person, 'personId' | 'name'>): string {
  return name === '' ? `the unnamed person ${personId}` : `${name} (${personId})`
}
