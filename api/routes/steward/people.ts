/** Persons, accounts, invitations, and handing the desk to the next person. */
import { Type } from 'typebox'
import { Done, RoleName } from '../../../contract/account.ts'
import {
  DeskPeople,
  HandOverBody,
  InvitationShown,
  InviteBody,
  PersonBody,
  RolesBody
} from '../../../contract/desk/people.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import { config, done, stewardOf, tags } from './shared.ts'

export function addPeople(app: Api, { desk: { people } }: ApiDeps): void {
  app.get(
    '/steward/people',
    {
      config,
      schema: {
        operationId: 'deskPeople',
        summary: 'Persons with their boxes and accounts, and invitations',
        tags,
        querystring: NoQuery,
        response: { 200: DeskPeople, default: refusal }
      }
    },
    async () => people.people()
  )

  app.post(
    '/steward/people',
    {
      config,
      schema: {
        operationId: 'deskAddPerson',
        summary: 'Add a person',
        tags,
        querystring: NoQuery,
        body: PersonBody,
        response: { 200: Type.Object({ personId: Type.String() }), default: refusal }
      }
    },
    async (request) => people.add(stewardOf(request), request.body.name)
  )

  app.put(
    '/steward/people/:id/name',
    {
      config,
      schema: {
        operationId: 'deskRenamePerson',
        summary: 'Rename a person',
        tags,
        params: ById,
        querystring: NoQuery,
        body: PersonBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      people.rename(stewardOf(request), request.params.id, request.body.name)
      return done
    }
  )

  app.post(
    '/steward/people/:id/invitations',
    {
      config,
      schema: {
        operationId: 'deskInvite',
        summary: 'A link that lets a person sign in, or choose a new password, once; shown only this once',
        tags,
        params: ById,
        querystring: NoQuery,
        body: InviteBody,
        response: { 200: InvitationShown, default: refusal }
      }
    },
    async (request) => people.invite(stewardOf(request), request.params.id, request.body)
  )

  app.delete(
    '/steward/invitations/:id',
    {
      config,
      schema: {
        operationId: 'deskRevokeInvitation',
        summary: 'An invitation can be used no more',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      people.revoke(stewardOf(request), request.params.id)
      return done
    }
  )

  app.put(
    '/steward/people/:id/roles',
    {
      config,
      schema: {
        operationId: 'deskSetRoles',
        summary: 'What a person may do beside hosting; the last steward stays one',
        tags,
        params: ById,
        querystring: NoQuery,
        body: RolesBody,
        response: { 200: Type.Array(RoleName), default: refusal }
      }
    },
    async (request) => people.setRoles(stewardOf(request), request.params.id, request.body)
  )

  app.delete(
    '/steward/people/:id/account',
    {
      config,
      schema: {
        operationId: 'deskRemoveAccount',
        summary: 'A person cannot sign in any more, at once and everywhere; what they host stays',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await people.removeAccount(stewardOf(request), request.params.id)
      return done
    }
  )

  app.post(
    '/steward/hand-over',
    {
      config,
      schema: {
        operationId: 'deskHandOver',
        summary: 'Somebody else is the steward from now on, and I am none any more, at once',
        tags,
        querystring: NoQuery,
        body: HandOverBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      people.handOver(viewerOf(request).personId, request.body.personId)
      return done
    }
  )
}
