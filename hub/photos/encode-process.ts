/**
 * A process of its own that reads one picture and writes it anew: whatever a picture can do to the library that reads it happens
 * here, without the hub's files, secrets and connections in reach. Picture on standard input, JPEG on standard output; a picture
 * that is refused ends it with one of these codes.
 */
import sharp from 'sharp'
import { photoPixelsMax, photoSidePxMax, photoWholePixelsMax } from './limits.ts'
import { isPhoto, refusedStatus } from './photo-kind.ts'

// Everything that libvips could read is blocked but the three formats in which phones and browsers give photos. No SVG: it is a
// document with scripts. No HEIF: its decoders have the most bombs, and browsers give JPEG.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer']
})
sharp.cache(false)
sharp.concurrency(1)

const pieces: Buffer[] = []
for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece)
const given = Buffer.concat(pieces)

if (isPhoto(given)) await encode(given)
else process.exitCode = refusedStatus.unknown

async function encode(bytes: Buffer): Promise<void> {
  const read = { limitInputPixels: photoPixelsMax, failOn: 'error', sequentialRead: true, pages: 1 } as const
  try {
    const { width, height, format, isProgressive } = await sharp(bytes, {
      ...read,
      limitInputPixels: false
    }).metadata()
    const isByLine = format !== 'webp' && !isProgressive
    if (width * height > (isByLine ? photoPixelsMax : photoWholePixelsMax)) {
      process.exitCode = refusedStatus.tooManyPixels
      return
    }
    // Turned as its camera was held, since that is said in the metadata, which stay behind.
    const { data } = await sharp(bytes, { ...read, autoOrient: true })
      .resize({ width: photoSidePxMax, height: photoSidePxMax, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 80 })
      .toBuffer({ resolveWithObject: true })
    process.stdout.write(data)
  } catch {
    // Whatever the library says of it, the picture cannot be read; its words are for nobody who sent it.
    process.exitCode = refusedStatus.damaged
  }
}
