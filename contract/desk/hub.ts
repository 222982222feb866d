/** What stewards see of the hub itself, and the first page of the desk. */
import { Type, type Static } from 'typebox'
import { HeardBox } from '../own.ts'
import { Moment, Nullable, Value } from '../shape.ts'
import { DeskBox } from './boxes.ts'

export const DeskFinding = Type.Object({
  what: Type.String(),
  state: Type.Union([Type.Literal('ok'), Type.Literal('warn'), Type.Literal('bad')]),
  says: Type.String(),
  todo: Nullable(Type.String())
})
export type DeskFinding = Static<typeof DeskFinding>

/** What an upgrade did; shown until a steward has read it. */
export const DeskUpgrade = Type.Object({
  from: Nullable(Type.String({ description: 'The version before, where it said which it was' })),
  to: Type.String(),
  at: Moment,
  changes: Type.Array(Type.String(), { description: 'What changed, one entry of the changelog each' }),
  isChanged: Type.Boolean({ description: 'The version before cannot read the data folder as it is now' }),
  backup: Nullable(Type.String({ description: "Where the backup is, on the hub's machine" })),
  goBack: Nullable(
    Type.String({ description: 'What to run there once the version before is installed again' })
  )
})
export type DeskUpgrade = Static<typeof DeskUpgrade>

/** What needs hands, on one page. */
export const DeskOverview = Type.Object({
  boxes: Type.Integer({ description: 'Boxes that are not removed' }),
  ill: Type.Array(DeskBox, { description: 'The worst first' }),
  heard: Type.Array(HeardBox, { description: 'Boxes behind gateways that nobody claimed' }),
  health: Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) }),
  findings: Type.Array(DeskFinding, { description: 'What the doctor would have done, without what is well' }),
  examinedAt: Nullable(
    Type.String({ description: 'When the doctor looked; null while it looks for the first time' })
  ),
  lastBackupAt: Nullable(Moment),
  requests: Type.Integer({ description: 'People who asked to host a sensor' }),
  calibrations: Type.Integer({ description: 'Calibrations that run, or wait to be signed off' }),
  version: Type.String(),
  upgrade: Nullable(DeskUpgrade)
})
export type DeskOverview = Static<typeof DeskOverview>

export const DeskHub = Type.Object({
  version: Type.String(),
  supportedUntil: Type.String(),
  health: Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) }),
  findings: Type.Array(DeskFinding),
  examinedAt: Nullable(Moment),
  storage: Type.Object({
    readingsBytes: Value,
    journalBytes: Value,
    freeBytes: Value
  }),
  backups: Type.Array(
    Type.Object({ name: Type.String(), created: Moment, bytes: Value, until: Nullable(Moment) }),
    { description: 'Newest first. They are never downloaded: they hold everything' }
  ),
  backupFolder: Type.Boolean({ description: 'LAMPPOST_BACKUP_DIR is set: a backup can be made here' }),
  backupRunning: Nullable(Type.Object({ doing: Type.String(), share: Type.Number() })),
  backupFailed: Nullable(Type.String())
})
export type DeskHub = Static<typeof DeskHub>
