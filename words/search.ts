/** Finding a name as people type it: without accents, in any case, any part of it. */

export function matches(name: string, sought: string): boolean {
  const text = bare(name)
  return bare(sought)
    .split(/\s+/)
    .every((part) => text.includes(part))
}

/** "Łódź" is found by "lodz": letters with marks lose them, and those that are letters of their own have their nearest. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .trim()
}
