/** Where the columns of a mapping stand in a file's header. Pure. */

/** Names differ by padding, and by two ways to write µ and ³, without meaning anything else. */
export function plainName(name: string): string {
  return name.normalize('NFKC').replaceAll(/\s+/g, ' ').trim()
}

/** Finds columns by name, or by place as "#3"; notes those that are not there. */
export class ColumnFinder {
  readonly #places = new Map<string, number[]>()
  readonly #names: readonly string[]
  /** The file's first header, where this is a later one: by their place only columns of the same name are found. */
  readonly #before: readonly string[] | undefined
  readonly used = new Set<number>()
  /** What to say of the columns that were asked for and are not there, or are there twice. */
  readonly missing: string[] = []

  constructor(names: readonly string[], before?: readonly string[]) {
    this.#names = names
    this.#before = before
    for (const [index, name] of names.entries()) {
      const plain = plainName(name)
      this.#places.set(plain, [...(this.#places.get(plain) ?? []), index])
    }
  }

  /** -1 when it is missing, which `missing` then says. */
  find(name: string): number {
    const places = this.#places.get(plainName(name)) ?? this.#byNumber(name)
    if (places === 'moved') return -1
    if (places.length === 1) {
      this.used.add(places[0]!)
      return places[0]!
    }
    const shown = JSON.stringify(name)
    const what =
      places.length === 0
        ? shown
        : `${shown} once (it has it ${places.length} times; name it by its place, "#${places[0]! + 1}")`
    if (!this.missing.includes(what)) this.missing.push(what)
    return -1
  }

  #byNumber(name: string): number[] | 'moved' {
    const place = /^#(\d{1,4})$/.exec(name)?.[1]
    const index = Number(place) - 1
    if (place === undefined || index < 0 || index >= this.#names.length) return []
    const before = this.#before?.[index]
    if (before === undefined || plainName(before) === plainName(this.#names[index]!)) return [index]
    this.missing.push(
      `"${name}" as it was (${JSON.stringify(before)} is ${JSON.stringify(this.#names[index])} now)`
    )
    return 'moved'
  }
}
