/** What a signed-in person changes of what is theirs: sensors, consents; and taking everything away, and erasing it. */
import { Type } from 'typebox'
import { Done } from '../../../contract/account.ts'
import { ConsentBody, Purpose } from '../../../contract/own.ts'
import { NoQuery, refusal, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import type { Doors } from '../../doors/doors.ts'
import { requireOwnHome } from '../own.ts'
import { addClaiming } from './claiming.ts'
import { addHandingOn } from './handing-on.ts'
import { addLeaving } from './leaving.ts'
import { addSensors } from './sensors.ts'
import { config, done } from './shared.ts'

export function addHosting(
  app: Api,
  deps: ApiDeps,
  doors: Pick<Doors, 'takeExport' | 'takeQuestion' | 'takeSignIn'>
): void {
  addClaiming(app, deps)
  addSensors(app, deps)
  addHandingOn(app, deps, doors.takeSignIn)
  addConsents(app, deps)
  addLeaving(app, deps, doors)
}

function addConsents(app: Api, { hosting, people }: ApiDeps): void {
  app.put(
    '/me/homes/:id/consents/:purpose',
    {
      config,
      schema: {
        operationId: 'setMyConsent',
        summary: 'Agree to something from now on, or no more',
        tags: ['account'],
        params: Type.Object({ id: Type.String({ maxLength: 100 }), purpose: Purpose }),
        querystring: NoQuery,
        body: ConsentBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { personId } = viewerOf(request)
      const { id, purpose } = request.params
      requireOwnHome(people, personId, id)
      hosting.consent(personId, id, purpose, request.body.on)
      return done
    }
  )
}
