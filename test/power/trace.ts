/** What strace saw a program do to the files below a folder, as steps of a disk, in the order in which the kernel did it. */
import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import type { DiskOp } from './disk.ts'

/** A name with `?` is of some processors only. */
const calls = [
  ...['?open', 'openat', '?creat', 'lseek', 'write', 'writev', 'pwrite64', 'pwritev', '?pwritev2'],
  ...['ftruncate', 'truncate', 'fallocate', 'copy_file_range', 'sendfile', 'fsync', 'fdatasync'],
  ...[
    '?rename',
    'renameat',
    '?renameat2',
    '?unlink',
    'unlinkat',
    '?rmdir',
    '?mkdir',
    'mkdirat',
    '?link',
    'linkat'
  ]
]

/** A program to run another under, which writes what it does into `file`. */
export function underTrace(strace: string, file: string): string[] {
  const whole = ['-xx', '-s', String(2 ** 26), '-e', 'abbrev=none']
  return [
    ...[strace, '-f', '--seccomp-bpf', '-y', '-ttt', ...whole],
    ...['-e', 'signal=none', '-e', `trace=${calls.join(',')}`, '-o', file]
  ]
}

export interface Step {
  /** When the call was made at the earliest, Unix milliseconds: whatever was known before it was known without it. */
  at: number
  op: DiskOp
}

interface Call {
  at: number
  name: string
  args: string
  result: string
  sync?: number
}

/** How the disk answers while the trace is read: what there is, and how large. */
interface Looks {
  has(path: string): boolean
  sizeOf(path: string): number
}

/** Steps below `root`. Each must be done on the disk before the next is asked for. */
export async function* stepsOf(traceFile: string, root: string, disk: Looks): AsyncGenerator<Step> {
  const reader = new CallReader(root, disk)
  const marks = [hexadecimal(root), '<unfinished', 'resumed>']
  for await (const line of createInterface({ input: createReadStream(traceFile, 'latin1') })) {
    if (!marks.some((mark) => line.includes(mark))) continue
    yield* reader.read(line)
  }
}

class CallReader {
  readonly #root: string
  readonly #disk: Looks
  readonly #unfinished = new Map<string, Call>()
  /** Where the next plain write of a descriptor goes. */
  readonly #positions = new Map<string, number>()
  #syncs = 0

  constructor(root: string, disk: Looks) {
    this.#root = root
    this.#disk = disk
  }

  *read(line: string): Generator<Step> {
    const [, thread = '', time = '', rest = ''] = /^(\d+) +(\d+\.\d+) (.*)$/.exec(line) ?? []
    const at = Number(time) * 1_000
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest)
    if (resumed) {
      const call = this.#unfinished.get(thread)
      this.#unfinished.delete(thread)
      if (call) yield* this.#steps(finished({ ...call, at, args: call.args + resumed[2] }))
      return
    }
    const open = rest.indexOf('(')
    const call = { at, name: rest.slice(0, open), args: rest.slice(open + 1), result: '' }
    if (call.args.endsWith('<unfinished ...>')) {
      const args = call.args.slice(0, -'<unfinished ...>'.length)
      if (!args.includes(hexadecimal(this.#root))) return
      const begun = { ...call, args }
      if (isSync(begun)) yield* this.#begin(begun)
      this.#unfinished.set(thread, begun)
      return
    }
    const whole = finished(call)
    if (isSync(whole)) yield* this.#begin(whole)
    yield* this.#steps(whole)
  }

  *#begin(call: Call): Generator<Step> {
    const [file] = pathsOf(call.args)
    if (file === undefined || !this.#isOurs(file)) return
    call.sync = this.#syncs++
    yield { at: call.at, op: { kind: 'syncBegins', path: file, sync: call.sync } }
  }

  *#steps(call: Call): Generator<Step> {
    const { at, result } = call
    if (result.startsWith('-1') || result.startsWith('?')) return
    for (const op of this.#ops(call)) yield { at, op }
  }

  *#ops({ name, args, result, sync }: Call): Generator<DiskOp> {
    const [path = ''] = pathsOf(args)
    const plain = argumentsOf(args)
    const count = Number(/^-?\d+/.exec(result)?.[0])
    if (/^(open|openat|creat)$/.test(name)) yield* this.#opened(named(name, args)[0], args, result)
    else if (/^(rename|renameat|renameat2|link|linkat)$/.test(name)) {
      const [from = '', to = ''] = named(name, args)
      if (this.#isOurs(from) || this.#isOurs(to)) {
        assert(this.#isOurs(from) && this.#isOurs(to), `${from} and ${to} are in one folder`)
        yield { kind: name.startsWith('link') ? 'link' : 'rename', from, path: to }
      }
    } else if (/^(unlink|unlinkat|rmdir)$/.test(name)) {
      const [gone = ''] = named(name, args)
      if (this.#isOurs(gone) && this.#disk.has(gone)) yield { kind: 'remove', path: gone }
    } else if (/^mkdir(at)?$/.test(name)) {
      const [made = ''] = named(name, args)
      if (this.#isOurs(made)) yield { kind: 'makeFolder', path: made }
    } else if (name === 'truncate') {
      const [cut = ''] = named(name, args)
      if (this.#isOurs(cut)) yield { kind: 'resize', path: cut, size: Number(plain.at(-1)) }
    } else if (name === 'copy_file_range') yield* this.#copied(args, count)
    else if (name === 'sendfile') assert(!this.#isOurs(path), 'no file is made by sendfile')
    else if (this.#isOurs(path)) yield* this.#onFile(name, { path, plain, args, count, sync })
  }

  *#onFile(
    name: string,
    call: { path: string; plain: string[]; args: string; count: number; sync: number | undefined }
  ): Generator<DiskOp> {
    const { path, plain, args, count, sync } = call
    const key = `${plain[0]?.slice(0, plain[0].indexOf('<'))} ${path}`
    if (name === 'lseek') this.#positions.set(key, count)
    else if (sync !== undefined) yield { kind: 'syncEnds', path, sync }
    else if (name === 'ftruncate') yield { kind: 'resize', path, size: Number(plain[1]) }
    else if (name === 'fallocate') yield* this.#allocated(path, plain)
    else if (count > 0) {
      const bytes = bytesOf(args).subarray(0, count)
      const isPlain = name === 'write' || name === 'writev'
      const last = name === 'pwritev2' ? plain.at(-2) : plain.at(-1)
      const position = isPlain ? (this.#positions.get(key) ?? this.#disk.sizeOf(path)) : Number(last)
      assert(bytes.length === count && Number.isInteger(position), `${name} of ${path} is read whole`)
      if (isPlain && this.#positions.has(key)) this.#positions.set(key, position + count)
      yield { kind: 'write', path, at: position, bytes }
    }
  }

  *#opened(path: string | undefined, args: string, result: string): Generator<DiskOp> {
    if (path === undefined || !this.#isOurs(path)) return
    const flags = args.replace(/"[^"]*"|<[^>]*>/g, '')
    const isNew = !this.#disk.has(path)
    if (isNew && flags.includes('O_CREAT')) yield { kind: 'makeFile', path }
    else if (!isNew && flags.includes('O_TRUNC')) yield { kind: 'resize', path, size: 0 }
    const descriptor = /^\d+/.exec(result)?.[0]
    const key = `${descriptor} ${path}`
    // Without a position it goes to the end, wherever that is then.
    if (flags.includes('O_APPEND')) this.#positions.delete(key)
    else this.#positions.set(key, 0)
  }

  *#allocated(path: string, [, mode = '', offset, length]: string[]): Generator<DiskOp> {
    const at = Number(offset)
    const bytes = Number(length)
    if (mode.includes('PUNCH_HOLE') || mode.includes('ZERO_RANGE')) {
      const inside = Math.min(bytes, this.#disk.sizeOf(path) - at)
      if (inside > 0) yield { kind: 'zero', path, at, bytes: inside }
    } else if (mode === '0' && at + bytes > this.#disk.sizeOf(path))
      yield { kind: 'resize', path, size: at + bytes }
  }

  *#copied(args: string, bytes: number): Generator<DiskOp> {
    const [from = '', path = ''] = pathsOf(args)
    if (!this.#isOurs(path) || !(bytes > 0)) return
    const plain = argumentsOf(args)
    const [fromAt = 0, at = 0] = [plain[1], plain[3]].map((text = '') => Number(/\d+/.exec(text)?.[0] ?? 0))
    yield { kind: 'copy', from, fromAt, path, at, bytes }
  }

  #isOurs(path: string): boolean {
    return path.startsWith(`${this.#root}/`) || path === this.#root
  }
}

function isSync({ name }: Call): boolean {
  return name === 'fsync' || name === 'fdatasync'
}

function finished(call: Call): Call {
  const end = call.args.lastIndexOf(')')
  return {
    ...call,
    args: call.args.slice(0, end),
    result: call.args.slice(end).replace(/^\)\s*=\s*/, '')
  }
}

/** Paths behind descriptors; a file that has its name no more is none of the disk's. */
function pathsOf(args: string): string[] {
  return [...args.matchAll(/(?:^|, )(?:\d+|AT_FDCWD)<([^>]*)>(\(deleted\))?/g)].map(([, path = '', gone]) =>
    gone ? '' : textOf(path)
  )
}

/** Arguments between commas, strings left out. */
function argumentsOf(args: string): string[] {
  return args.replace(/"[^"]*"/g, '""').split(', ')
}

/** The paths that a call names, each below the folder that stands before it. */
function named(name: string, args: string): string[] {
  const names = [...args.matchAll(/"([^"]*)"/g)].map(([, text = '']) => textOf(text))
  const folders = /at2?$/.test(name) ? pathsOf(args) : []
  return names.map((one, i) => resolve(folders[i] ?? '/', one))
}

function bytesOf(args: string): Buffer {
  const strings = [...args.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text)
  return Buffer.from(strings.join('').replaceAll('\\x', ''), 'hex')
}

function textOf(text: string): string {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex').toString('utf8')
}

function hexadecimal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
