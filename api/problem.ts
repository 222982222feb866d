/** What can be wrong with a request: a catalogue of RFC 9457 problem documents. Codes are never renamed or reused. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AccountsRefusal } from '../accounts/accounts.ts'
import { RegistryRefusal } from '../registry/registry.ts'
import { payloadBytesMax } from '../model/limits.ts'
import { FiguresRefusal, type FiguresRefusalCode } from '../figures/refusal.ts'
import type { ApiLog } from './deps.ts'

export const problems = {
  streetUnknown: { status: 404, title: 'No such street' },
  siteUnknown: { status: 404, title: 'No such public site' },
  placeUnknown: { status: 404, title: 'No such place of yours' },
  homeUnknown: { status: 404, title: 'No such home of yours' },
  deviceUnknown: { status: 404, title: 'No such sensor of yours' },
  thingUnknown: { status: 404, title: 'No such box to choose from' },
  exportUnknown: { status: 404, title: 'No such export' },
  pathUnknown: { status: 404, title: 'Nothing is here' },
  methodNotAllowed: { status: 405, title: 'Not by this method' },
  quantityUnknown: { status: 400, title: 'No such quantity' },
  unitUnknown: { status: 400, title: 'No such unit of this quantity' },
  parameterUnknown: { status: 400, title: 'Unknown parameter' },
  parameterMissing: { status: 400, title: 'A parameter is missing' },
  parameterBad: { status: 400, title: 'A parameter cannot be read' },
  timeUnreadable: { status: 400, title: 'A time cannot be read' },
  rangeEmpty: { status: 400, title: 'The period is empty' },
  rangeTooLong: { status: 400, title: 'The period is too long' },
  tooManyPoints: { status: 400, title: 'Too many points for one answer' },
  requestBad: { status: 400, title: 'The request cannot be read' },
  signInNeeded: { status: 401, title: 'Not signed in' },
  wrongCredentials: { status: 401, title: 'User name or password is wrong' },
  notAllowed: { status: 403, title: 'Not for this account' },
  crossSite: { status: 403, title: 'From another site' },
  invitationUnknown: { status: 404, title: 'No such invitation' },
  accountUnknown: { status: 404, title: 'No such account' },
  invitationOfAnother: { status: 409, title: 'The invitation is for somebody else' },
  accountExists: { status: 409, title: 'There is an account already' },
  userNameTaken: { status: 409, title: 'The user name is taken' },
  lastSteward: { status: 409, title: 'The only steward' },
  tooManyInvitations: { status: 409, title: 'Too many open invitations' },
  badUserName: { status: 400, title: 'No user name' },
  badName: { status: 400, title: 'Not a possible name' },
  addressMissing: { status: 400, title: 'How the box is known is missing' },
  thingClaimed: { status: 409, title: 'The box is somebody’s already' },
  notPossible: { status: 409, title: 'Not possible now' },
  moveUnfinished: { status: 503, title: 'Not all readings have moved yet' },
  erasureRuns: { status: 409, title: 'It is being erased already' },
  erasureUnfinished: { status: 503, title: 'Not everything is erased yet' },
  registryUnavailable: { status: 503, title: 'Nothing can be changed now' },
  weakPassword: { status: 400, title: 'The password is weak' },
  passkeyRefused: { status: 400, title: 'The passkey was refused' },
  tooManyAttempts: { status: 429, title: 'Too many attempts' },
  signInBusy: { status: 503, title: 'Many people are signing in' },
  secretMisplaced: { status: 400, title: 'A secret is in the wrong place' },
  secretWrong: { status: 401, title: 'Not a secret of a device' },
  unauthenticatedOff: { status: 403, title: 'No box without a secret' },
  boxUnknown: { status: 403, title: 'No such box' },
  bodyTooLarge: { status: 413, title: 'The body is too large' },
  encodingUnknown: { status: 415, title: 'The body is packed' },
  pushBusy: { status: 503, title: 'Not kept now' },
  nameUnknown: { status: 421, title: 'Not a name of this hub' },
  loopbackOnly: { status: 403, title: 'Only for this machine' },
  tooManyRequests: { status: 429, title: 'Too many requests' },
  failed: { status: 500, title: 'The hub failed' },
  exportsBusy: { status: 503, title: 'Other exports are running' },
  questionsBusy: { status: 503, title: 'Too many questions at once' },
  decodeBusy: { status: 503, title: 'Other messages are being tried out' },
  liveBusy: { status: 503, title: 'Too many live viewers' },
  storeUnavailable: { status: 503, title: 'The readings cannot be read now' },
  dashboardMissing: { status: 503, title: 'The dashboard is not built' },
  contactUnset: { status: 404, title: 'No security contact' }
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** A refusal; `message` becomes the detail and says what to do. */
export class ApiProblem extends Error {
  readonly code: ProblemCode
  readonly retryAfterS: number | undefined
  constructor(code: ProblemCode, detail: string, retryAfterS?: number) {
    super(detail)
    this.code = code
    this.retryAfterS = retryAfterS
  }
}

/** The one place that turns errors into answers. */
export function answerProblems(app: FastifyInstance, log: ApiLog): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const problem = problemOf(error, request)
    if (problem.code === 'failed' || problem.code === 'storeUnavailable') {
      // The query string may one day hold what must not be logged; the route is enough to find the place.
      log.error({ err: error, route: request.routeOptions.url ?? 'none' }, 'A request failed.')
    }
    return sendProblem(reply, problem)
  })
}

export function sendProblem(reply: FastifyReply, problem: ApiProblem): FastifyReply {
  const { status, title } = problems[problem.code]
  if (status === 401) reply.header('www-authenticate', 'Basic realm="Lamppost", charset="UTF-8"')
  if (problem.retryAfterS !== undefined) reply.header('retry-after', String(problem.retryAfterS))
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:lamppost:problem:${problem.code}`,
        title,
        status,
        detail: problem.message,
        code: problem.code
      })
    )
}

function problemOf(error: FastifyError | Error, request: FastifyRequest): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof FiguresRefusal) return refusalProblem(error)
  if (error instanceof AccountsRefusal) return new ApiProblem(error.code, error.message, error.retryAfterS)
  if (error instanceof RegistryRefusal) return registryProblem(error)
  if ('validation' in error && error.validation) return validationProblem(error, request)
  // The store may live in another thread, where only the code of its errors arrives.
  if ('code' in error && error.code === 'storeUnavailable') {
    return new ApiProblem(
      'storeUnavailable',
      'The store does not answer now. What sensors sent is kept and nothing is lost; try again in a minute.',
      60
    )
  }
  const unavailable = 'code' in error ? unavailableCodes.find((code) => code === error.code) : undefined
  if (unavailable !== undefined) return new ApiProblem(unavailable, error.message)
  if ('statusCode' in error && error.statusCode === 413) {
    return new ApiProblem(
      'bodyTooLarge',
      `A body has at most ${payloadBytesMax} bytes. Send it in smaller pieces.`
    )
  }
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode < 500) {
    return new ApiProblem('requestBad', `${error.message}. Compare the request with /api/docs.`)
  }
  return new ApiProblem(
    'failed',
    'Something went wrong inside the hub. It was written to its log; what sensors sent is kept. Tell the steward if it stays.'
  )
}

/** The registry's own words say what to do; what is another's, and what is not there, has one answer. */
function registryProblem({ code, message }: RegistryRefusal): ApiProblem {
  const same = Object.hasOwn(problems, code) ? (code as ProblemCode) : undefined
  return new ApiProblem(same ?? 'notPossible', message)
}

/** Of rooms that the API knows by their errors' codes alone. */
const unavailableCodes = [
  'moveUnfinished',
  'erasureRuns',
  'erasureUnfinished',
  'registryUnavailable'
] as const

/** Where this API has what was looked for, or more of it. */
const refusalHints: Partial<Record<FiguresRefusalCode, string>> = {
  streetUnknown: 'GET /api/v1/streets lists them with their ids.',
  siteUnknown: "GET /api/v1/streets/{id} lists a street's sites with their ids.",
  tooManyPoints: 'Single readings are at /api/v1/readings, without a limit.'
}

function refusalProblem({ code, message }: FiguresRefusal): ApiProblem {
  const hint = refusalHints[code]
  return new ApiProblem(code, hint === undefined ? message : `${message} ${hint}`)
}

function validationProblem(error: FastifyError, request: FastifyRequest): ApiProblem {
  const faults = error.validation ?? []
  const [first] = faults
  const name = first?.instancePath.replace(/^\//, '') ?? ''
  const isQuery = error.validationContext !== 'body'
  const known = fieldsOf(request.routeOptions.schema?.[isQuery ? 'querystring' : 'body'])
  if (first?.keyword === 'additionalProperties') {
    const unknown = String(first.params['additionalProperty'])
    return new ApiProblem(
      'parameterUnknown',
      `"${unknown}" is no ${isQuery ? 'parameter of this path' : 'field of this body'}. ${known.length > 0 ? `There are: ${known.join(', ')}.` : 'There are none.'}`
    )
  }
  if (first?.keyword === 'required') {
    const missing = String(first.params['missingProperty'])
    return new ApiProblem(
      'parameterMissing',
      `"${missing}" is missing. Add it to the ${isQuery ? 'query' : 'body'}.`
    )
  }
  if (first?.keyword === 'type') {
    return new ApiProblem(
      'parameterBad',
      `"${name}" may be given once. Put several values into one, with commas.`
    )
  }
  if (first?.keyword === 'anyOf' || first?.keyword === 'enum' || first?.keyword === 'const') {
    const choices = faults.flatMap(choicesIn)
    const todo = choices.length > 0 ? `Give one of: ${choices.join(', ')}.` : 'See /api/docs.'
    return new ApiProblem('parameterBad', `"${name}" has a value that this path does not know. ${todo}`)
  }
  return new ApiProblem('parameterBad', `"${name}" ${first?.message ?? 'cannot be read'}.`)
}

/** Values that would have been right, as the validator found one after the other not to be given. */
function choicesIn({ params }: NonNullable<FastifyError['validation']>[number]): string[] {
  if ('allowedValue' in params) return [String(params['allowedValue'])]
  return Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : []
}

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return []
  return Object.keys(schema.properties ?? {})
}
