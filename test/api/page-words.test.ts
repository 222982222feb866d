/** Whoever uses a page has no terminal: no refusal names a command, or what is somebody else's. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { registryProblem } from '../../api/problem.ts'
import type { RegistryRefusal } from '../../registry/registry.ts'
import { openTestHub, type TestHub } from '../support/api-hub.ts'
import { signUp, type SignedUp } from '../support/sign-up.ts'

let hub: TestHub
let anna: SignedUp
let bert: SignedUp

beforeAll(async () => {
  hub = await openTestHub({ allowUnauthenticated: ['smartcitizen'] })
  anna = await signUp(hub, 'Anna')
  bert = await signUp(hub, 'Bert')
  hub.registry.addStreet({ name: 'Ashley Road' })
})
afterAll(() => hub.close())

/** Every code that the registry refuses with, from where they are listed. */
const codes = [
  ...readFileSync('registry/registry.ts', 'utf8')
    .split('class RegistryRefusal')[1]!
    .split('constructor')[0]!
    .matchAll(/\| '(\w+)'/g)
].map(([, code]) => code as RegistryRefusal['code'])

it('finds the codes', () => expect(codes.length).toBeGreaterThan(25))

it.each(codes)('%s is told without a command, and never as nothing', (code) => {
  const message = `Something of d-secret is wrong. To mend it: npx lamppost device remove d-secret`
  const { message: told } = registryProblem({ code, message })
  expect(told).not.toContain('npx')
  expect(told.length).toBeGreaterThan(20)
  expect(registryProblem({ code, message: 'Choose another name.' }).message).toBe('Choose another name.')
})

const post = (path: string, payload: object, { cookie }: SignedUp, method: 'POST' | 'PUT' = 'POST') =>
  hub.app.inject({ method, url: `/api/v1/me/${path}`, headers: { cookie }, payload })

it('tells the second person who adds a box that it is somebody’s, and not whose', async () => {
  const kit = {
    dialect: 'smartcitizen',
    address: 'abc123',
    street: 'Ashley Road',
    placement: 'outdoor',
    name: 'Stop'
  }
  const first = await post('devices', kit, anna)
  expect(first.statusCode).toBe(200)
  const second = await post('devices', kit, bert)
  expect(second.json()).toMatchObject({ code: 'thingClaimed', status: 409 })
  const { deviceId } = first.json<{ deviceId: string }>()
  for (const secret of ['npx', deviceId, anna.personId]) expect(second.body).not.toContain(secret)
})

it('tells a home without a sensor what to do', async () => {
  const answer = await post('homes/home-of-anna/consents/street', { on: true }, anna, 'PUT')
  expect(answer.json()).toMatchObject({
    code: 'notPossible',
    detail: expect.stringContaining('Add a sensor')
  })
})
