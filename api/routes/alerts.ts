/** What a person wants to be told; and the link in each message that stops its kind, which needs nobody to be signed in. */
import { Type } from 'typebox'
import { Done } from '../../contract/account.ts'
import {
  AlertSettingsBody,
  AlertsStopped,
  ListedBrowser,
  OwnAlerts,
  PushSubscriptionBody
} from '../../contract/alerts.ts'
import type { PushBrowser } from '../../model/alert.ts'
import { toIso } from '../../model/time.ts'
import { NoQuery, refusal, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { visitOf } from './sign-in.ts'

const config = { audience: 'person' } as const
const done = { done: true } as const

export async function addAlerts(app: Api, { alerts }: ApiDeps): Promise<void> {
  app.get(
    '/me/alerts',
    {
      config,
      schema: {
        operationId: 'myAlerts',
        summary: 'What I am told, where, and when not; and what this hub can send',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: OwnAlerts, default: refusal }
      }
    },
    (request) => {
      const { personId } = viewerOf(request)
      return {
        settings: alerts.settings(personId),
        ...alerts.offers(),
        browsers: alerts.browsers(personId).map(listed)
      }
    }
  )

  app.put(
    '/me/alerts',
    {
      config,
      schema: {
        operationId: 'setMyAlerts',
        summary: 'Choose what I am told, where, and when not',
        tags: ['account'],
        querystring: NoQuery,
        body: AlertSettingsBody,
        response: { 200: Done, default: refusal }
      }
    },
    (request) => {
      const { mail, ntfyTopic } = request.body
      if (mail !== '' && !mailPattern.test(mail))
        throw new ApiProblem('badAddress', 'This is no e-mail address. Leave it empty for no e-mail.')
      if (ntfyTopic !== '' && !topicPattern.test(ntfyTopic))
        throw new ApiProblem(
          'badAddress',
          'A topic has 8 to 64 letters, digits, - and _. Leave it empty for none.'
        )
      alerts.choose(viewerOf(request).personId, request.body)
      return done
    }
  )

  app.post(
    '/me/alerts/browsers',
    {
      config,
      schema: {
        operationId: 'tellMyBrowser',
        summary: 'Send my messages to this browser too (web push)',
        tags: ['account'],
        querystring: NoQuery,
        body: PushSubscriptionBody,
        response: { 200: ListedBrowser, default: refusal }
      }
    },
    (request) => {
      const { endpoint, keys } = request.body
      const { userAgent } = visitOf(request)
      const { personId, accountId, sessionId } = viewerOf(request)
      const kept = alerts.keepBrowser(personId, { endpoint, ...keys, userAgent, accountId, sessionId })
      if (kept) return listed(kept)
      throw new ApiProblem(
        'badAddress',
        'No message can be sent to this browser: its push service has no https address on the internet, or its keys are wrong.'
      )
    }
  )

  app.delete(
    '/me/alerts/browsers/:id',
    {
      config,
      schema: {
        operationId: 'tellMyBrowserNoMore',
        summary: 'Send no more messages to a browser; one that is not there is no error',
        tags: ['account'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    (request) => {
      alerts.removeBrowser(viewerOf(request).personId, request.params.id)
      return done
    }
  )

  app.post(
    '/me/alerts/test',
    {
      config,
      schema: {
        operationId: 'testMyAlerts',
        summary: 'Send me a test, to the addresses that are kept',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    (request) => {
      if (alerts.test(viewerOf(request).personId)) return done
      throw new ApiProblem(
        'notPossible',
        'No test was sent: there is no address and no browser, or one was sent in the last five minutes, or many in a day. Save an address, or wait.'
      )
    }
  )

  await app.register(async (stop: Api) => addStop(stop, alerts))
}

function listed({ browserId, userAgent, endpoint, since }: PushBrowser): ListedBrowser {
  return { browserId, browser: userAgent, endpoint, since: toIso(since) }
}

function addStop(app: Api, alerts: ApiDeps['alerts']): void {
  // Mail programs post a form (RFC 8058), phones and the page nothing: only the address counts.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_024 }, (_request, _body, read) => {
    read(null, undefined)
  })

  app.post(
    '/alerts/stop/:token',
    {
      schema: {
        operationId: 'stopAlerts',
        summary: 'Stop messages of one kind, by the link in such a message',
        tags: ['account'],
        params: Type.Object({ token: Type.String({ maxLength: 64 }) }),
        querystring: NoQuery,
        response: { 200: AlertsStopped, default: refusal }
      }
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store')
      const stopped = alerts.stop(request.params.token)
      if (stopped) return { choice: stopped.choice }
      throw new ApiProblem(
        'linkUnknown',
        'This link is not known. Sign in and choose your messages at /home.'
      )
    }
  )
}

/** RFC 5321 4.1.2 in small: what a mail server would take at all, on one line. */
const mailPattern = /^[^\s@<>"(),:;\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/
/** What ntfy takes (64 at most); shorter ones somebody else may have. */
const topicPattern = /^[A-Za-z0-9_-]{8,64}$/
