/** Calibrations and corrections. */
import { Type } from 'typebox'
import { Done } from '../../../contract/account.ts'
import {
  Calibration,
  CalibrationBody,
  CalibrationChoices,
  CalibrationDetail,
  DeskCorrection,
  SignOffBody
} from '../../../contract/desk/calibrations.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import type { ApiDeps } from '../../deps.ts'
import type { Taking } from '../../doors/doors.ts'
import { config, done, stewardOf, tags } from './shared.ts'

export function addCalibrations(app: Api, { desk: { calibrations } }: ApiDeps, takeQuestion: Taking): void {
  app.get(
    '/steward/calibrations',
    {
      config,
      schema: {
        operationId: 'deskCalibrations',
        summary: 'Calibrations, newest first',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(Calibration), default: refusal }
      }
    },
    async () => calibrations.list()
  )

  app.get(
    '/steward/calibrations/choices',
    {
      config,
      schema: {
        operationId: 'deskCalibrationChoices',
        summary: 'Outdoor boxes that can be calibrated or be the reference, and what each measures',
        tags,
        querystring: NoQuery,
        response: { 200: CalibrationChoices, default: refusal }
      }
    },
    () => calibrations.choices()
  )

  app.post(
    '/steward/calibrations',
    {
      config,
      schema: {
        operationId: 'deskStartCalibration',
        summary: 'Boxes stand beside a reference from now on',
        tags,
        querystring: NoQuery,
        body: CalibrationBody,
        response: { 200: Calibration, default: refusal }
      }
    },
    async (request) => calibrations.start(stewardOf(request), request.body)
  )

  const detail = { 200: CalibrationDetail, default: refusal }

  app.get(
    '/steward/calibrations/:id',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'deskCalibration',
        summary: 'How each box follows the reference so far',
        tags,
        params: ById,
        querystring: NoQuery,
        response: detail
      }
    },
    (request) => calibrations.detail(request.params.id)
  )

  app.post(
    '/steward/calibrations/:id/finish',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'deskFinishCalibration',
        summary: 'The boxes leave the reference now',
        tags,
        params: ById,
        querystring: NoQuery,
        response: detail
      }
    },
    (request) => calibrations.finish(stewardOf(request), request.params.id)
  )

  app.post(
    '/steward/calibrations/:id/cancel',
    {
      config,
      schema: {
        operationId: 'deskCancelCalibration',
        summary: 'Nothing comes of a calibration',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Calibration, default: refusal }
      }
    },
    async (request) => calibrations.cancel(stewardOf(request), request.params.id)
  )

  app.post(
    '/steward/calibrations/:id/sign-off',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'deskSignOff',
        summary: 'Correct the named boxes by their lines, from the end of the calibration until it expires',
        tags,
        params: ById,
        querystring: NoQuery,
        body: SignOffBody,
        response: detail
      }
    },
    (request) => calibrations.signOff(stewardOf(request), request.params.id, request.body)
  )

  app.get(
    '/steward/corrections',
    {
      config,
      schema: {
        operationId: 'deskCorrections',
        summary: 'Corrections that hold, those of indoor boxes without where they are',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskCorrection), default: refusal }
      }
    },
    async () => calibrations.corrections()
  )

  app.post(
    '/steward/corrections/:id/end',
    {
      config,
      schema: {
        operationId: 'deskEndCorrection',
        summary: 'A correction ends now; what it corrected before stays',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await calibrations.endCorrection(stewardOf(request), request.params.id)
      return done
    }
  )
}
