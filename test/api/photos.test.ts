/** Photos of a diary: made anew without what they say of place and camera, whatever is sent; and for their owner alone. */
import { readFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DiaryEntry } from '../../contract/diary.ts'
import { photoSidePxMax } from '../../hub/photos/limits.ts'
import { photoBytesMax } from '../../api/limits.ts'
import { openTestHub, start, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

const script = '<script>alert(1)</script>'
let hub: TestHub
let anna: SignedUp
let bert: SignedUp
let entryId: string

beforeAll(async () => {
  hub = await openTestHub()
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  const { streetId } = hub.registry.addStreet({ name: 'Ashley Road' })
  hub.addSite(streetId, 'indoor', { homeId: 'home-of-anna' })
  const entry = { personId: anna.personId, homeId: 'home-of-anna', kind: 'mould' } as const
  ;({ entryId } = hub.registry.addDiaryEntry(entry, start))
})
afterAll(() => hub.close())

const send = (photo: Buffer, type = 'image/jpeg', { cookie } = anna) =>
  hub.app.inject({
    method: 'PUT',
    url: `/api/v1/me/diary/${entryId}/photo`,
    headers: { cookie, 'content-type': type },
    payload: photo
  })
const ask = (url: string, { cookie } = anna) => hub.app.inject({ url, headers: { cookie } })
const kept = async (): Promise<string | null> =>
  (await ask('/api/v1/me/diary')).json<DiaryEntry[]>()[0]!.photo

/** Taken with the phone upright, with place, camera and a script where a comment may be. */
function fromAPhone(): Promise<Buffer> {
  return sharp({ create: { width: 2_400, height: 1_800, channels: 3, background: '#8a7a5c' } })
    .withExif({
      IFD0: { Make: 'Phone', ImageDescription: script },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' }
    })
    .withMetadata({ orientation: 6 })
    .withXmp(
      `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">${script}</x:xmpmeta>`
    )
    .jpeg()
    .toBuffer()
}

it('keeps a photo upright and without what it says of place, camera and scripts', async () => {
  const photo = await fromAPhone()
  const given = await sharp(photo).metadata()
  expect([given.orientation, given.exif !== undefined, photo.includes('<script>')]).toEqual([6, true, true])
  expect((await send(photo)).statusCode).toBe(200)
  const path = await kept()
  expect(path).toMatch(/^\/api\/v1\/me\/photos\/[\w-]{24}\.jpg$/)
  const answer = await ask(path!)
  expect(answer.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store'
  })
  const made = await sharp(answer.rawPayload).metadata()
  expect([made.width, made.height]).toEqual([photoSidePxMax * 0.75, photoSidePxMax])
  expect([made.exif, made.xmp, made.icc, made.orientation]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined
  ])
  expect(answer.rawPayload.includes('script')).toBe(false)
})

it('shows it to nobody else, whoever knows its name', async () => {
  const path = (await kept())!
  const [theirs, nobodys] = [await ask(path, bert), await ask('/api/v1/me/photos/nowhere.jpg', bert)]
  expect([theirs.statusCode, theirs.body]).toEqual([404, nobodys.body])
  expect((await hub.app.inject({ url: path })).statusCode).toBe(401)
  expect((await send(await fromAPhone(), 'image/jpeg', bert)).statusCode).toBe(404)
  expect(await kept()).toBe(path)
})

it('replaces a photo by a newer one, and leaves nothing of the first', async () => {
  const before = (await kept())!
  expect(
    (
      await send(
        await sharp({ create: { width: 40, height: 30, channels: 4, background: '#0000' } })
          .png()
          .toBuffer()
      )
    ).statusCode
  ).toBe(200)
  expect(await kept()).not.toBe(before)
  expect((await ask(before)).statusCode).toBe(404)
  expect(hub.photos.count(anna.personId)).toBe(1)
})

/** Its head alone says how large it is; the rest is a few bytes of one colour. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.writeUInt8(1, 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))))),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/** An "ftyp" box of HEIC, and an item of 65,535 by 65,535 pixels (ISO/IEC 23008-12, 6.5.3). */
function heifBomb(): Buffer {
  const box = (name: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length + 8)
    return Buffer.concat([length, Buffer.from(name, 'latin1'), body])
  }
  const extent = Buffer.from('00000000 0000ffff 0000ffff'.replaceAll(' ', ''), 'hex')
  const properties = box('iprp', box('ipco', box('ispe', extent)))
  return Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    box('meta', Buffer.alloc(4), properties),
    box('mdat', Buffer.alloc(1_000))
  ])
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`

it.each([
  ['of 100 megapixels', () => pngOf(10_000, 10_000), 'photoTooManyPixels', 413],
  ['that is a HEIF bomb', heifBomb, 'photoUnknown', 415],
  ['that is an SVG with a script', () => Buffer.from(svg), 'photoUnknown', 415],
  ['that is a page', () => Buffer.from(`<!doctype html>${script}`), 'photoUnknown', 415],
  ['that only begins like one', () => Buffer.from(`\xff\xd8\xff\xe0${svg}`, 'latin1'), 'photoDamaged', 400],
  ['that breaks off', async () => (await fromAPhone()).subarray(0, 4_000), 'photoDamaged', 400],
  ['that is empty', () => Buffer.alloc(0), 'photoUnknown', 415],
  ['that is too large', () => Buffer.alloc(photoBytesMax + 1, 0xff), 'bodyTooLarge', 413],
  ['that is a program', () => readFileSync(process.execPath).subarray(0, 100_000), 'photoUnknown', 415]
] as const)('refuses a file %s, and keeps the photo that was there', async (_what, file, code, status) => {
  const before = await kept()
  const answer = await send(await file())
  expect(answer.json()).toMatchObject({ code, status })
  expect(await kept()).toBe(before)
  expect(hub.photos.count(anna.personId)).toBe(1)
})

it('takes a photo for what its bytes are, not for what is said of it', async () => {
  const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .webp()
    .toBuffer()
  expect((await send(webp, 'text/html')).statusCode).toBe(200)
  expect((await ask((await kept())!)).headers['content-type']).toBe('image/jpeg')
})

it('is deleted with its entry', async () => {
  const path = (await kept())!
  const { cookie } = anna
  await hub.app.inject({ method: 'DELETE', url: `/api/v1/me/diary/${entryId}`, headers: { cookie } })
  expect((await ask(path)).statusCode).toBe(404)
  expect(hub.photos.count(anna.personId)).toBe(0)
})
