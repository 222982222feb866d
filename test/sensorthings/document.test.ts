/** Every request that docs/sensorthings.md shows, asked of a hub as it stands there. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStaRig, type Json, type StaRig } from './rig.ts'

const text = readFileSync('docs/sensorthings.md', 'utf8')
const requests = [...text.matchAll(/^GET \/sta\/v1\.1(\S.*)$/gm)].map(([, path]) => path!)

let sta: StaRig
beforeAll(async () => {
  sta = await openStaRig()
})
afterAll(() => sta.close())

it('shows five', () => expect(requests).toHaveLength(5))

it.each(requests)('%s finds something', async (path) => {
  const [address, query = ''] = path.split('?')
  // As a program would encode it, option by option.
  const encoded = query.split('&').map((pair) => {
    const [name, ...rest] = pair.split('=')
    return `${name}=${encodeURIComponent(rest.join('='))}`
  })
  const { status, body, headers } = await sta.ask(`${address}?${encoded.join('&')}`)
  expect(status, body).toBe(200)
  if (String(headers['content-type']).startsWith('text/csv'))
    expect(body.split('\r\n').length).toBeGreaterThan(100)
  else expect((JSON.parse(body) as Json)['value'].length).toBeGreaterThan(0)
})
