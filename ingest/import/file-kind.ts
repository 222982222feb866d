/** What a file is by its first bytes: text that can be read, or another kind, named with the way out. Pure. */

/** How text is to be decoded, or in one sentence what the file is instead. */
export type FileKind = { ok: true; encoding: string; lineEnd: '\n' | '\r' } | { ok: false; what: string }

interface Signature {
  bytes: readonly number[]
  what: string
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))

/** Beginnings that the makers of the formats laid down. Whoever has such a file has what it holds one step away. */
const signatures: readonly Signature[] = [
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    what: 'an Excel workbook (.xls); open it and save the sheet as CSV'
  },
  { bytes: ascii('%PDF-'), what: 'a PDF; ask its source for a CSV file' },
  { bytes: ascii('PAR1'), what: 'a Parquet file; write it as CSV first' },
  { bytes: ascii('ARROW1'), what: 'an Arrow file; write it as CSV first' },
  { bytes: ascii('SQLite format 3\0'), what: 'an SQLite database; export the table as CSV first' },
  { bytes: [0x89, 0x48, 0x44, 0x46], what: 'an HDF5 or NetCDF file; write it as CSV first' },
  { bytes: ascii('CDF'), what: 'a NetCDF file; write it as CSV first' },
  { bytes: ascii('BZh'), what: 'compressed with bzip2; unpack it first, or compress it with gzip' },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    what: 'compressed with xz; unpack it first, or compress it with gzip'
  },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    what: 'compressed with zstd; unpack it first, or compress it with gzip'
  },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: 'a 7z archive; unpack it and import the files in it' },
  { bytes: ascii('Rar!'), what: 'a RAR archive; unpack it and import the files in it' },
  { bytes: [0x1f, 0x8b], what: 'compressed twice with gzip; unpack it once' },
  { bytes: [0xff, 0xfe, 0, 0], what: 'UTF-32 text; save it as UTF-8' },
  { bytes: [0, 0, 0xfe, 0xff], what: 'UTF-32 text; save it as UTF-8' }
]

/** `given` is the mapping's encoding, which is believed. */
export function fileKind(sample: Uint8Array, given?: string): FileKind {
  if (begins(sample, ascii('PK\x03\x04')) || begins(sample, ascii('PK\x05\x06')))
    return other(zipKind(sample))
  const known = signatures.find(({ bytes }) => begins(sample, bytes))
  if (known) return other(known.what)
  const encoding = given ?? encodingOf(sample)
  if (encoding === undefined) return other('not text; give a table as text, such as CSV')
  const text = new TextDecoder(encoding).decode(sample)
  const page = pageKind(text)
  if (page !== undefined) return other(page)
  return { ok: true, encoding, lineEnd: text.includes('\r') && !text.includes('\n') ? '\r' : '\n' }
}

function other(what: string): FileKind {
  return { ok: false, what }
}

function begins(sample: Uint8Array, bytes: readonly number[]): boolean {
  return sample.length >= bytes.length && bytes.every((byte, index) => sample[index] === byte)
}

/** Workbooks are zip archives whose first entries are theirs (ECMA-376 part 2, OpenDocument 1.3 part 2). */
function zipKind(sample: Uint8Array): string {
  const head = Buffer.from(sample.subarray(0, 4_096)).toString('latin1')
  if (head.includes('[Content_Types].xml') || head.includes('xl/'))
    return 'an Excel workbook (.xlsx); open it and save the sheet as CSV'
  if (head.includes('opendocument.spreadsheet'))
    return 'an OpenDocument spreadsheet (.ods); open it and save the sheet as CSV'
  return 'a zip archive; unpack it and import the files in it'
}

/** What a browser saves when a download asks for a sign-in, and what programs write for programs. */
function pageKind(text: string): string | undefined {
  const start = text.trimStart().slice(0, 200).toLowerCase()
  if (/^<(?:!doctype html|html|head|body)/.test(start))
    return 'a web page, not the data; download the file itself'
  if (start.startsWith('<?xml')) return 'XML; ask its source for a CSV file'
  if (/^[[{]\s*[\]}["{]/.test(start)) return 'JSON; ask its source for a CSV file'
  return undefined
}

/**
 * A byte order mark says it; without one UTF-16 shows by zero bytes in every second place, and UTF-8 by being right, which
 * no other encoding with letters beyond ASCII is by chance. What is left is taken for Windows-1252, which Excel and most
 * loggers write in Western Europe. undefined for what is no text.
 */
function encodingOf(sample: Uint8Array): string | undefined {
  if (begins(sample, [0xff, 0xfe])) return 'utf-16le'
  if (begins(sample, [0xfe, 0xff])) return 'utf-16be'
  const wide = wideEncoding(sample)
  if (wide !== undefined) return wide
  if (isBinary(sample)) return undefined
  return isUtf8(sample) ? 'utf-8' : 'windows-1252'
}

/** Zero bytes in a third of the places of one parity, and in few of the other. */
function wideEncoding(sample: Uint8Array): string | undefined {
  const zeros = [0, 0]
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i & 1]!++
  const [even, odd] = zeros as [number, number]
  const places = sample.length / 2
  if (odd > places / 3 && even < places / 20) return 'utf-16le'
  return even > places / 3 && odd < places / 20 ? 'utf-16be' : undefined
}

/** A few stray bytes make no binary file of a short text. */
const controlsFew = 8

/** Control characters that no text has: of random bytes a tenth. Zero bytes are left out: a logger that lost its power leaves blocks of them. */
function isBinary(sample: Uint8Array): boolean {
  let controls = 0
  for (const byte of sample) if (byte !== 0 && byte < 0x20 && !isSpaceOrEscape(byte)) controls++
  return controls > controlsFew && controls > sample.length / 20
}

function isSpaceOrEscape(byte: number): boolean {
  return (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b
}

function isUtf8(sample: Uint8Array): boolean {
  try {
    // The sample may end in the middle of a character, which a stream may.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false // A fatal TextDecoder throws TypeError for bytes that are not UTF-8, and nothing else.
  }
}

/** Whether `label` is an encoding that can be decoded, such as "windows-1253" (WHATWG Encoding, section 4.2). */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label) !== undefined
  } catch {
    return false // TextDecoder throws RangeError for labels that it does not know, and nothing else.
  }
}
