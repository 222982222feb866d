/** Datasets: snapshots that stay as they are. */
import { Type, type Static } from 'typebox'
import { Moment, Nullable } from './shape.ts'

export const DatasetEntry = Type.Object({
  version: Type.String(),
  url: Type.String({ description: 'Its page; below it are its files' }),
  made: Nullable(Moment),
  until: Nullable(Type.String({ format: 'date-time', description: 'Readings of before this are in it' })),
  rows: Nullable(Type.Integer({ description: 'Single readings' })),
  sites: Nullable(Type.Integer()),
  bytes: Nullable(Type.Integer()),
  licence: Nullable(Type.String()),
  replaces: Nullable(Type.String({ description: 'The withdrawn version whose place it takes' })),
  withdrawn: Nullable(
    Type.String({
      format: 'date-time',
      description: 'Since then it is gone: something in it is no longer public'
    })
  )
})

export const DatasetList = Type.Object({
  datasets: Type.Array(DatasetEntry, { description: 'Newest first' })
})
export type DatasetList = Static<typeof DatasetList>
