/** The stewards' desk over HTTP. Every path is for stewards alone; no answer holds a value that was measured indoors. */
import { Type } from 'typebox'
import { DeskFinding, DeskHub, DeskOverview } from '../../../contract/desk/hub.ts'
import { Done } from '../../../contract/account.ts'
import { NoQuery, refusal, type Api } from '../../app.ts'
import type { ApiDeps } from '../../deps.ts'
import type { Taking } from '../../doors/doors.ts'
import { ApiProblem } from '../../problem.ts'
import { addBoxes } from './boxes.ts'
import { addCalibrations } from './calibrations.ts'
import { addNotes } from './notes.ts'
import { addPeople } from './people.ts'
import { config, done, stewardOf, tags } from './shared.ts'
import { addStreets } from './streets.ts'

export function addSteward(app: Api, deps: ApiDeps, takeQuestion: Taking): void {
  addCare(app, deps)
  addBoxes(app, deps)
  addPeople(app, deps)
  addStreets(app, deps)
  addCalibrations(app, deps, takeQuestion)
  addNotes(app, deps)
}

function addCare(app: Api, { desk }: ApiDeps): void {
  app.get(
    '/steward/overview',
    {
      config,
      schema: {
        operationId: 'deskOverview',
        summary: 'What needs hands: ill boxes first, boxes to claim, the hub itself',
        tags,
        querystring: NoQuery,
        response: { 200: DeskOverview, default: refusal }
      }
    },
    () => desk.overview()
  )

  app.get(
    '/steward/hub',
    {
      config,
      schema: {
        operationId: 'deskHub',
        summary: 'The hub itself: health, what the doctor found, storage, backups',
        tags,
        querystring: NoQuery,
        response: { 200: DeskHub, default: refusal }
      }
    },
    () => desk.care.hub()
  )

  app.delete(
    '/steward/upgrade',
    {
      config,
      schema: {
        operationId: 'deskUpgradeRead',
        summary: 'What the last upgrade did was read: it is shown no more',
        tags,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      desk.care.upgradeIsRead(stewardOf(request))
      return done
    }
  )

  app.post(
    '/steward/doctor',
    {
      config,
      schema: {
        operationId: 'deskDoctor',
        summary: 'Let the doctor look again',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskFinding), default: refusal }
      }
    },
    () => desk.care.examineAgain()
  )

  app.post(
    '/steward/backups',
    {
      config,
      schema: {
        operationId: 'deskBackUp',
        summary: 'Make a backup now, where the hub makes its own. Backups are never downloaded',
        tags,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const began = desk.care.startBackup(stewardOf(request))
      if (began === 'noFolder')
        throw new ApiProblem(
          'notPossible',
          'This hub has no folder for backups. Whoever runs its machine sets LAMPPOST_BACKUP_DIR, best on another disk.'
        )
      if (began === 'runs')
        throw new ApiProblem('notPossible', 'A backup is being made already. It takes some minutes.')
      return done
    }
  )
}
