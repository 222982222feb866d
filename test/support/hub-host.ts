/** A person with an account at a running hub, through the routes that people use. */
import type { Role } from '../../accounts/accounts.ts'
import type { OneHub } from './one-hub.ts'
import { signUpPassword } from './sign-up.ts'

export interface Host {
  personId: string
  ask(method: string, path: string, body?: object): Promise<Response>
  json<T>(method: string, path: string, body?: object): Promise<T>
}

export async function hostAt(
  hub: Pick<OneHub, 'json' | 'url'>,
  name: string,
  role: Role = 'host'
): Promise<Host> {
  const { personId } = await hub.json<{ personId: string }>('person', 'add', name)
  const { code } = await hub.json<{ code: string }>('person', 'invite', personId, '--role', role)
  const accepted = await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: name, password: signUpPassword })
  })
  const cookie = accepted.headers.get('set-cookie')!.split(';')[0]!
  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null
    })
  return {
    personId,
    ask,
    json: async <T>(...question: Parameters<typeof ask>) => (await ask(...question)).json() as Promise<T>
  }
}
