/** A file that is too large is refused in words about that file, with a size that would have been taken. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mapBytesMax, photoBytesMax } from '../../api/limits.ts'
import { openTestHub, type TestHub } from '../support/api-hub.ts'
import { signUp } from '../support/sign-up.ts'

let hub: TestHub
let cookie = ''

beforeAll(async () => {
  hub = await openTestHub()
  cookie = (await signUp(hub, 'Carla', 'steward')).cookie
})
afterAll(() => hub.close())

it.each([
  [
    'a map',
    'POST',
    '/steward/streets/map',
    'application/json',
    mapBytesMax,
    'A map has at most 16 MB.',
    16e6
  ],
  ['a photo', 'PUT', '/me/diary/d-1/photo', 'image/jpeg', photoBytesMax, 'A photo has at most 16 MB.', 16e6],
  ['a message', 'POST', '/decode', 'application/json', 131_072, 'A body has at most 131072 bytes', 131_072]
] as const)('%s', async (_what, method, path, type, bytesMax, says, bytesTold) => {
  const send = async (bytes: number): Promise<unknown> => {
    const headers = { cookie, 'content-type': type }
    const payload = Buffer.alloc(bytes, ' ')
    return (await hub.app.inject({ method, url: `/api/v1${path}`, headers, payload })).json()
  }
  const tooLarge = { code: 'bodyTooLarge', detail: expect.stringContaining(says) }
  expect(await send(bytesMax + 1)).toMatchObject(tooLarge)
  expect(await send(bytesTold)).not.toMatchObject({ code: 'bodyTooLarge' })
})
