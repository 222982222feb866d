/** A person with an account at a test's hub, through the routes that people use. */
import type { Role } from '../../accounts/accounts.ts'
import { start, type TestHub } from './api-hub.ts'

export const signUpPassword = 'kettle bicycle lantern'

export interface SignedUp {
  personId: string
  cookie: string
}

/** The person of `home-of-NAME`, as which they are signed in. */
export async function signUp(hub: TestHub, name: string, role: Role = 'host'): Promise<SignedUp> {
  const userName = name.toLowerCase()
  const { personId } = hub.registry.addPerson({ name, homeId: `home-of-${userName}` }, start)
  const { code } = hub.accounts.invite({ personId, role, by: { kind: 'operator' } })
  const answer = await hub.app.inject({
    method: 'POST',
    url: `/api/v1/invitations/${code}/accept`,
    payload: { userName, password: signUpPassword }
  })
  return { personId, cookie: String(answer.headers['set-cookie']).split(';')[0]! }
}
