/** Photos made anew, one at a time, each in a process that ends with it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { photoMsMax, photosWaitingMax } from './limits.ts'
import { isPhoto, refusedStatus, type PhotoFault } from './photo-kind.ts'

/** What was sent is no photo that is kept, or none can be taken now; nothing was kept. */
export class PhotoRefused extends Error {
  readonly code: 'photoUnknown' | 'photoDamaged' | 'photoTooManyPixels' | 'photosBusy' | 'tooManyPhotos'
  constructor(code: PhotoRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

const refusals: Record<PhotoFault, () => PhotoRefused> = {
  unknown: () =>
    new PhotoRefused(
      'photoUnknown',
      'This file is no photo that can be kept: JPEG, PNG and WebP are. On an iPhone choose the photo from the library, or take a screenshot of it.'
    ),
  damaged: () =>
    new PhotoRefused(
      'photoDamaged',
      'The photo cannot be read: it is damaged. Take it again, or choose another one.'
    ),
  tooManyPixels: () =>
    new PhotoRefused(
      'photoTooManyPixels',
      'The photo has more than 64 megapixels. Take it with the ordinary resolution of your phone, or make it smaller first.'
    )
}

export class PhotoEncoder {
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** A JPEG of moderate size, turned upright, without any metadata. Throws `PhotoRefused`. */
  async encode(bytes: Uint8Array): Promise<Buffer> {
    if (!isPhoto(bytes)) throw refusals.unknown()
    if (this.#waiting >= photosWaitingMax)
      throw new PhotoRefused('photosBusy', 'Other photos are being made ready. Try again in a minute.')
    this.#waiting++
    const made = this.#turn.then(() => encodeOne(bytes))
    this.#turn = made.catch(() => undefined)
    try {
      return await made
    } finally {
      this.#waiting--
    }
  }
}

async function encodeOne(bytes: Uint8Array): Promise<Buffer> {
  const file = fileURLToPath(new URL('./encode-process.ts', import.meta.url))
  // Of this process's settings and secrets it is given nothing.
  const child = spawn(process.execPath, [file], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: photoMsMax,
    killSignal: 'SIGKILL'
  })
  // One that ends early takes no more of the picture; its status says why.
  child.stdin.on('error', () => undefined)
  child.stdin.end(bytes)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  const [status] = (await once(child, 'close')) as [number | null]
  const made = Buffer.concat(pieces)
  if (status === 0 && made.length > 0) return made
  const fault = (Object.keys(refusedStatus) as PhotoFault[]).find((one) => refusedStatus[one] === status)
  throw refusals[fault ?? 'damaged']()
}
