/**
 * A disk as POSIX promises it, and no better: what was written is safe once it was synced, a name once its folder was. All
 * else may be there after a power cut, or not, or in part.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export type DiskOp =
  | { kind: 'write'; path: string; at: number; bytes: Uint8Array }
  /** Cuts off, or makes longer with zeros. */
  | { kind: 'resize'; path: string; size: number }
  | { kind: 'zero'; path: string; at: number; bytes: number }
  | { kind: 'copy'; from: string; fromAt: number; path: string; at: number; bytes: number }
  | { kind: 'makeFile' | 'makeFolder' | 'remove'; path: string }
  | { kind: 'rename' | 'link'; from: string; path: string }
  /** The first says what the second makes safe: all that was done before it. */
  | { kind: 'syncBegins' | 'syncEnds'; path: string; sync: number }

/** What happens to a file that was not synced yet. `at` counts everything that happened on the disk. */
type Change = { at: number } & (
  { kind: 'write'; offset: number; bytes: Uint8Array } | { kind: 'resize'; size: number }
)

class DiskFile {
  now = new Bytes()
  safe = new Bytes()
  pending: Change[] = []

  change(change: Change): void {
    apply(this.now, change)
    this.pending.push(change)
  }

  sync(before: number): void {
    for (const change of this.pending) if (change.at < before) apply(this.safe, change)
    this.pending = this.pending.filter(({ at }) => at >= before)
  }
}

class DiskFolder {
  readonly now = new Map<string, Node>()
  readonly safe = new Map<string, Node>()
}

type Node = DiskFile | DiskFolder

/** Names that changed at once: one, or two where a file was renamed. */
interface NameChange {
  at: number
  set: { folder: DiskFolder; name: string; node: Node | undefined }[]
}

/** What a cut keeps of that which was not synced: `pages` up to another moment for each page, some of them torn. */
export type Keeps = 'nothing' | 'everything' | 'up to a moment' | 'pages'
export const allKeeps: readonly Keeps[] = ['nothing', 'everything', 'up to a moment', 'pages']

const pageBytes = 4_096
const sectorBytes = 512

export class Disk {
  readonly #root: string
  readonly #top = new DiskFolder()
  #names: NameChange[] = []
  #count = 0
  readonly #syncs = new Map<number, { node: Node | undefined; before: number }>()

  /** With what is below `root` now, all of it safe. */
  constructor(root: string) {
    this.#root = root
    fill(this.#top, root)
  }

  do(op: DiskOp): void {
    this.#count++
    switch (op.kind) {
      case 'write':
        return this.#file(op.path).change(this.#now({ kind: 'write', offset: op.at, bytes: op.bytes }))
      case 'resize':
        return this.#file(op.path).change(this.#now({ kind: 'resize', size: op.size }))
      case 'zero':
        return this.#file(op.path).change(
          this.#now({ kind: 'write', offset: op.at, bytes: new Uint8Array(op.bytes) })
        )
      case 'copy': {
        const bytes = Uint8Array.from(
          this.#file(op.from).now.content.subarray(op.fromAt, op.fromAt + op.bytes)
        )
        return this.#file(op.path).change(this.#now({ kind: 'write', offset: op.at, bytes }))
      }
      case 'makeFile':
        return this.#setNames([op.path, new DiskFile()])
      case 'makeFolder':
        return this.#setNames([op.path, new DiskFolder()])
      case 'remove':
        return this.#setNames([op.path, undefined])
      case 'rename': {
        const node = this.#needNode(op.from)
        return this.#setNames([op.from, undefined], [op.path, node])
      }
      case 'link':
        return this.#setNames([op.path, this.#needNode(op.from)])
      case 'syncBegins':
        this.#syncs.set(op.sync, { node: this.#find(op.path), before: this.#count })
        return
      case 'syncEnds':
        return this.#sync(op.sync)
    }
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined
  }

  sizeOf(path: string): number {
    return this.#file(path).now.size
  }

  /** Writes to `into` what a cut now would leave. */
  cut(into: string, keeps: Keeps, random: () => number): void {
    const moment = this.#momentOf(keeps, random)
    const names = new Map<DiskFolder, Map<string, Node>>()
    const entries = (folder: DiskFolder): Map<string, Node> => {
      const known = names.get(folder) ?? new Map(folder.safe)
      names.set(folder, known)
      return known
    }
    // A file system keeps the order of its names, whatever it does with contents.
    const until = keeps === 'pages' ? Math.floor(this.#count * random() ** 0.01) : moment
    for (const { at, set } of this.#names) {
      if (at > until) break
      for (const { folder, name, node } of set) setName(entries(folder), name, node)
    }
    const write = (folder: DiskFolder, path: string): void => {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      for (const [name, node] of entries(folder)) {
        if (node instanceof DiskFolder) write(node, join(path, name))
        else writeFileSync(join(path, name), leftOf(node, name, keeps, moment, random), { mode: 0o600 })
      }
    }
    write(this.#top, into)
  }

  /** Files as the running program sees them, for a comparison with the real ones. */
  digests(): Map<string, string> {
    const found = new Map<string, string>()
    const walk = (folder: DiskFolder, path: string): void => {
      for (const [name, node] of folder.now) {
        if (node instanceof DiskFolder) walk(node, join(path, name))
        else found.set(join(path, name), digestOf(node.now.content))
      }
    }
    walk(this.#top, '')
    return found
  }

  #momentOf(keeps: Keeps, random: () => number): number {
    if (keeps === 'nothing') return -1
    if (keeps !== 'up to a moment') return this.#count
    const waiting = [...this.#names.map(({ at }) => at), ...this.#pendingMoments(this.#top)].toSorted(
      (a, b) => a - b
    )
    return waiting[Math.floor(random() * waiting.length)] ?? this.#count
  }

  #pendingMoments(folder: DiskFolder): number[] {
    return [...folder.now.values()].flatMap((node) =>
      node instanceof DiskFolder ? this.#pendingMoments(node) : node.pending.map(({ at }) => at)
    )
  }

  #now<T extends object>(change: T): T & { at: number } {
    return { ...change, at: this.#count }
  }

  #setNames(...changes: [path: string, node: Node | undefined][]): void {
    const set = changes.map(([path, node]) => {
      const folder = this.#find(dirname(path))
      assert(folder instanceof DiskFolder, `${path} is in a folder`)
      const name = basename(path)
      setName(folder.now, name, node)
      return { folder, name, node }
    })
    this.#names.push({ at: this.#count, set })
  }

  #sync(sync: number): void {
    const begun = this.#syncs.get(sync)
    assert(begun, 'a sync ends that began')
    this.#syncs.delete(sync)
    const { node, before } = begun
    if (node instanceof DiskFile) node.sync(before)
    if (node instanceof DiskFolder) this.#syncNames(node, before)
  }

  /** Earlier changes of every folder that is touched go with it, or one of them would undo a later one. */
  #syncNames(folder: DiskFolder, before: number): void {
    const touched = new Set([folder])
    const going = new Set<NameChange>()
    for (const change of this.#names.toReversed()) {
      if (change.at >= before || !change.set.some((one) => touched.has(one.folder))) continue
      going.add(change)
      for (const one of change.set) touched.add(one.folder)
    }
    for (const change of this.#names) {
      if (!going.has(change)) continue
      for (const { folder: at, name, node } of change.set) setName(at.safe, name, node)
    }
    this.#names = this.#names.filter((change) => !going.has(change))
  }

  #find(path: string): Node | undefined {
    assert(path === this.#root || path.startsWith(`${this.#root}/`), `${path} is below ${this.#root}`)
    let node: Node | undefined = this.#top
    for (const name of path.slice(this.#root.length).split('/').filter(Boolean)) {
      if (!(node instanceof DiskFolder)) return undefined
      node = node.now.get(name)
    }
    return node
  }

  #needNode(path: string): Node {
    const node = this.#find(path)
    assert(node, `${path} is on the disk`)
    return node
  }

  #file(path: string): DiskFile {
    const node = this.#needNode(path)
    assert(node instanceof DiskFile, `${path} is a file`)
    return node
  }
}

function fill(folder: DiskFolder, path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name)
    let node: Node | undefined
    if (entry.isDirectory()) fill((node = new DiskFolder()), below)
    if (entry.isFile()) {
      node = new DiskFile()
      const bytes = readFileSync(below)
      for (const content of [node.now, node.safe]) content.write(0, bytes)
    }
    if (!node) continue
    folder.now.set(entry.name, node)
    folder.safe.set(entry.name, node)
  }
}

function setName(entries: Map<string, Node>, name: string, node: Node | undefined): void {
  if (node) entries.set(name, node)
  else entries.delete(name)
}

/**
 * The content of a file after a cut. The page cache writes a page back as it was at one moment, so each page has a moment
 * of its own; a torn one has sectors of the next write as well.
 */
function leftOf(
  file: DiskFile,
  name: string,
  keeps: Keeps,
  moment: number,
  random: () => number
): Uint8Array {
  // Mapped into memory, so no call says what is in it; SQLite must not believe it after a cut.
  if (name.endsWith('-shm')) return randomBytes(file.now.size, random)
  const left = file.safe.copy()
  const pages = new Map<number, number>()
  const momentOfPage = (page: number): number => {
    if (keeps !== 'pages') return moment
    const known = pages.get(page) ?? file.pending[Math.floor(random() * (file.pending.length + 1))]?.at ?? -1
    pages.set(page, known)
    return known
  }
  const sizeMoment = momentOfPage(-1)
  let end = Infinity
  const torn = new Set<number>()
  for (const change of file.pending) {
    if (change.kind === 'resize') {
      if (change.at <= sizeMoment) left.resize(change.size)
      // What was written behind a cut end cannot be there without the cut.
      else end = Math.min(end, change.size)
      continue
    }
    for (const { page, offset, bytes } of piecesOf(change.offset, change.bytes)) {
      if (offset + bytes.length > end) continue
      if (change.at <= momentOfPage(page)) left.write(offset, bytes)
      else if (keeps !== 'nothing' && !torn.has(page)) {
        torn.add(page)
        const sectors = Math.floor(random() * (pageBytes / sectorBytes + 1))
        const tornAt = page * pageBytes + sectors * sectorBytes
        if (tornAt > offset) left.write(offset, bytes.subarray(0, tornAt - offset))
      }
    }
  }
  return left.content
}

function* piecesOf(
  offset: number,
  bytes: Uint8Array
): Generator<{ page: number; offset: number; bytes: Uint8Array }> {
  for (let from = 0; from < bytes.length;) {
    const page = Math.floor((offset + from) / pageBytes)
    const until = Math.min(bytes.length, (page + 1) * pageBytes - offset)
    yield { page, offset: offset + from, bytes: bytes.subarray(from, until) }
    from = until
  }
}

function apply(bytes: Bytes, change: Change): void {
  if (change.kind === 'write') bytes.write(change.offset, change.bytes)
  else bytes.resize(change.size)
}

/** Bytes that grow, with zeros where nothing was written. */
class Bytes {
  #buffer = new Uint8Array(pageBytes)
  size = 0

  get content(): Uint8Array {
    return this.#buffer.subarray(0, this.size)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset + bytes.length > this.size) this.resize(offset + bytes.length)
    this.#buffer.set(bytes, offset)
  }

  resize(size: number): void {
    if (size > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#buffer.length))
      larger.set(this.content)
      this.#buffer = larger
    } else this.#buffer.fill(0, size, Math.max(size, this.size))
    this.size = size
  }

  copy(): Bytes {
    const copy = new Bytes()
    copy.write(0, this.content)
    return copy
  }
}

function randomBytes(size: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
