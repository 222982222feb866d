/** Reads a ZIP file by its directory, as other programs do, and checks every size and checksum. */
import assert from 'node:assert/strict'
import { crc32, inflateRawSync } from 'node:zlib'

export function unzip(file: Buffer): Map<string, Buffer> {
  const end = file.length - 22
  assert.equal(file.readUInt32LE(end), 0x06054b50, 'the file ends with the end of its directory')
  const members = new Map<string, Buffer>()
  let entry = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    assert.equal(file.readUInt32LE(entry), 0x02014b50, 'an entry of the directory')
    const [crc, packed, bytes] = [16, 20, 24].map((offset) => file.readUInt32LE(entry + offset))
    const [nameLength = 0, extraLength = 0, commentLength = 0] = [28, 30, 32].map((offset) =>
      file.readUInt16LE(entry + offset)
    )
    const at = file.readUInt32LE(entry + 42)
    const name = file.toString('utf8', entry + 46, entry + 46 + nameLength)
    assert.equal(file.readUInt32LE(at), 0x04034b50, `${name} begins where the directory says`)
    const begin = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28)
    const content = inflateRawSync(file.subarray(begin, begin + packed!))
    assert.equal(content.length, bytes, `the size of ${name}`)
    assert.equal(crc32(content), crc, `the checksum of ${name}`)
    members.set(name, content)
    entry += 46 + nameLength + extraLength + commentLength
  }
  return members
}
