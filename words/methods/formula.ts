/** A formula as it is written beside its code, taken apart into what stands on the line, below it and above it. */
export interface FormulaPart {
  text: string
  place: 'line' | 'below' | 'above'
}

/** `_{…}` and `_x1` go below the line, `^{…}` and `^x1` above it: "10^{Li/10}", "PM_cf1". */
export function formulaParts(formula: string): FormulaPart[] {
  const found: FormulaPart[] = []
  let last = 0
  for (const match of formula.matchAll(/([_^])(?:\{([^}]*)\}|([\p{L}\d]+))/gu)) {
    if (match.index > last) found.push({ text: formula.slice(last, match.index), place: 'line' })
    found.push({ text: match[2] ?? match[3] ?? '', place: match[1] === '_' ? 'below' : 'above' })
    last = match.index + match[0].length
  }
  if (last < formula.length) found.push({ text: formula.slice(last), place: 'line' })
  return found
}
