/** What can be wrong with a request: a catalogue of RFC 9457 problem documents. Codes are never renamed or reused. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AccountsRefusal } from '../accounts/accounts.ts'
import { RegistryRefusal } from '../registry/registry.ts'
import { payloadBytesMax } from '../model/limits.ts'
import { FiguresRefusal, type FiguresRefusalCode } from '../figures/refusal.ts'
import type { ApiLog } from './deps.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route whose body is a file of people's: what it may be, and what to do with a larger one. */
    tooLarge?: string
  }
}

export const problems = {
  streetUnknown: { status: 404, title: 'No such street' },
  siteUnknown: { status: 404, title: 'No such public site' },
  placeUnknown: { status: 404, title: 'No such place of yours' },
  homeUnknown: { status: 404, title: 'No such home of yours' },
  deviceUnknown: { status: 404, title: 'No such sensor of yours' },
  thingUnknown: { status: 404, title: 'No such box to choose from' },
  exportUnknown: { status: 404, title: 'No such export' },
  datasetUnknown: { status: 404, title: 'No such dataset' },
  datasetWithdrawn: { status: 410, title: 'Withdrawn' },
  rangeUnsatisfiable: { status: 416, title: 'Not a part of the file' },
  cursorGone: { status: 410, title: 'No longer kept' },
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
  diaryEntryUnknown: { status: 404, title: 'No such entry of yours' },
  cornerUnknown: { status: 404, title: 'No such measurement of yours' },
  outdoorUnknown: { status: 409, title: 'The outdoor temperature is not known' },
  indoorUnknown: { status: 409, title: 'The temperature of the room is not known' },
  tooLittleDifference: { status: 409, title: 'Outdoors it is too warm to measure a corner' },
  warmerThanRoom: { status: 409, title: 'The corner is warmer than the room' },
  colderThanOutside: { status: 409, title: 'The corner is colder than outdoors' },
  photoMissing: { status: 404, title: 'No such photo of yours' },
  photoUnknown: { status: 415, title: 'Not a photo that is kept' },
  photoDamaged: { status: 400, title: 'The photo cannot be read' },
  photoTooManyPixels: { status: 413, title: 'The photo has too many pixels' },
  tooManyPhotos: { status: 409, title: 'No more photos are kept' },
  photosBusy: { status: 503, title: 'Other photos are being made ready' },
  offerUnknown: { status: 404, title: 'No such offer of a sensor' },
  placeMissing: { status: 400, title: 'Not said where it is' },
  badTime: { status: 400, title: 'Not a possible time' },
  badAddress: { status: 400, title: 'Not a possible address' },
  linkUnknown: { status: 404, title: 'No such link' },
  badNote: { status: 400, title: 'The note is too long' },
  badName: { status: 400, title: 'Not a possible name' },
  addressMissing: { status: 400, title: 'How the box is known is missing' },
  mapMissing: { status: 400, title: 'The box needs a map of its fields' },
  mapBad: { status: 400, title: 'The map of fields cannot be read' },
  thingClaimed: { status: 409, title: 'The box is somebody’s already' },
  annotationUnknown: { status: 404, title: 'No such note' },
  requestUnknown: { status: 404, title: 'No such request' },
  calibrationUnknown: { status: 404, title: 'No such calibration' },
  correctionUnknown: { status: 404, title: 'No such correction' },
  personUnknown: { status: 404, title: 'No such person' },
  notPossible: { status: 409, title: 'Not possible now' },
  overtaken: { status: 409, title: 'Changed in the meantime' },
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
  exportUnfinished: { status: 409, title: 'Not whole yet' },
  exportsFull: { status: 507, title: 'No room for it' },
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
    const problem = asProblem(error, request)
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

/** What any error means to whoever asked. */
export function asProblem(error: FastifyError | Error, request: FastifyRequest): ApiProblem {
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
  const ofRoom = 'code' in error ? roomsCodes.find((code) => code === error.code) : undefined
  if (ofRoom === 'registryUnavailable')
    return new ApiProblem(
      ofRoom,
      'The hub cannot write to its disk now. Nothing was changed. Tell the steward, and try again later.'
    )
  if (ofRoom !== undefined) return new ApiProblem(ofRoom, error.message)
  if ('statusCode' in error && error.statusCode === 413) {
    return new ApiProblem(
      'bodyTooLarge',
      request.routeOptions.config.tooLarge ??
        `A body has at most ${request.routeOptions.bodyLimit ?? payloadBytesMax} bytes here. Send it in smaller pieces.`
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
export function registryProblem({ code, message }: Pick<RegistryRefusal, 'code' | 'message'>): ApiProblem {
  const same = Object.hasOwn(problems, code) ? (code as ProblemCode) : undefined
  return new ApiProblem(
    same ?? 'notPossible',
    message.includes('npx') ? withoutCommands(code, message) : message
  )
}

/** Whoever asks over HTTP has no terminal on the hub. What else the registry's words name may be another's. */
function withoutCommands(code: RegistryRefusal['code'], message: string): string {
  const known = pageWords[code]
  if (known !== undefined) return known
  const rest = message.split(/(?<=[.!?])\s+/).filter((sentence) => !sentence.includes('npx'))
  return [...rest, 'If you need help, ask the steward of this hub.'].join(' ')
}

const pageWords: Partial<Record<RegistryRefusal['code'], string>> = {
  thingClaimed:
    'This address is already that of a sensor here. If that is your own sensor, remove it on the page “My home” first; otherwise ask the steward.',
  homeEmpty: 'This home has no sensor, so there is nothing to agree to. Add a sensor to it first.',
  homeUnknown: 'There is no such home. Choose one of yours, or a new one.',
  homeTaken: 'This home is somebody else’s. Choose one of yours, or a new one.',
  deviceUnknown: 'You have no such sensor. It may have been removed, or handed on.',
  deviceRemoved: 'This sensor was removed. Add it again if it is back.',
  siteUnknown: 'There is no such place. Look at the page again.',
  streetUnknown: 'There is no such street here yet. Choose one of the list, or ask the steward to add it.',
  personUnknown: 'There is no such person here. Look at the page again.'
}

/** Of rooms that the API knows by their errors' codes alone. */
const roomsCodes = [
  'photoUnknown',
  'photoDamaged',
  'photoTooManyPixels',
  'tooManyPhotos',
  'photosBusy',
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
    // A query has texts alone, so it was given several times.
    const says = isQuery
      ? `"${name}" may be given once. Put several values into one, with commas.`
      : `${name === '' ? 'The body' : `"${name}"`} must be ${typeWords[String(first.params['type'])] ?? 'of another type'}. See /api/docs.`
    return new ApiProblem('parameterBad', says)
  }
  if (first?.keyword === 'anyOf' || first?.keyword === 'enum' || first?.keyword === 'const') {
    const choices = faults.flatMap(choicesIn)
    const todo = choices.length > 0 ? `Give one of: ${choices.join(', ')}.` : 'See /api/docs.'
    return new ApiProblem('parameterBad', `"${name}" has a value that this path does not know. ${todo}`)
  }
  return new ApiProblem('parameterBad', `"${name}" ${first?.message ?? 'cannot be read'}.`)
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object'
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
