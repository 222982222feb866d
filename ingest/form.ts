/** Form-encoded bodies, as small firmware writes them: `name=value&name=value`. Pure. */

/** Calls `take` for each pair. Nearly no value is escaped, so each is only looked at for that, not taken apart. */
export function eachFormField(text: string, take: (name: string, value: string) => void): void {
  let from = 0
  while (from <= text.length) {
    let end = text.indexOf('&', from)
    if (end === -1) end = text.length
    const equals = text.indexOf('=', from)
    if (equals > from && equals < end) take(text.slice(from, equals), unescaped(text.slice(equals + 1, end)))
    from = end + 1
  }
}

export function unescaped(value: string): string {
  if (!value.includes('%') && !value.includes('+')) return value
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value // decodeURIComponent throws URIError for a per cent sign that escapes nothing.
  }
}

export function readForm(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  eachFormField(text, (name, value) => fields.set(name, value))
  return fields
}
