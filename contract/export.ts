/** What is told of exports: their size before, and their receipt after. */
import { Type, type Static } from 'typebox'
import { Moment, Nullable } from './shape.ts'

export const exportFormatNames = ['csv', 'jsonl', 'parquet', 'arrow'] as const
export type ExportFormatName = (typeof exportFormatNames)[number]

export const ExportEstimate = Type.Object({
  rows: Type.Integer({
    description: 'From the hours and days that there are; readings of the last minutes may be missing'
  }),
  bytes: Type.Integer({ description: 'Before any content encoding; about' })
})
export type ExportEstimate = Static<typeof ExportEstimate>

export const ExportReceipt = Type.Object({
  id: Type.String(),
  state: Type.Union(
    [
      Type.Literal('waiting'),
      Type.Literal('making'),
      Type.Literal('sending'),
      Type.Literal('whole'),
      Type.Literal('cut'),
      Type.Literal('failed')
    ],
    {
      description:
        'waiting, making, sending: not there yet; failed: it could not be made; whole: every byte was given; cut: it ended early, and what was received is not whole'
    }
  ),
  format: Type.String(),
  query: Type.Record(Type.String(), Type.String(), { description: 'As it was asked for' }),
  licence: Type.String({ description: 'Of the data' }),
  publisher: Type.String(),
  methods: Type.Object({
    lamppost: Type.String({ description: 'Version of the program' }),
    corrections: Type.Array(
      Type.Object({
        id: Type.String(),
        version: Type.Integer(),
        formula: Type.String(),
        formulaVersion: Type.Integer()
      })
    )
  }),
  rows: Nullable(Type.Integer()),
  bytes: Nullable(
    Type.Integer({ description: 'Before any content encoding; while it is made, as many as there are' })
  ),
  file: Nullable(Type.String({ description: 'Of one that was ordered: where the whole file is' })),
  sha256: Nullable(
    Type.String({ description: 'Of the file before any content encoding, in lower-case hexadecimal' })
  ),
  startedAt: Moment,
  endedAt: Nullable(Moment),
  expiresAt: Moment,
  problem: Nullable(Type.String({ description: 'Why it failed, and what to do' }))
})
export type ExportReceipt = Static<typeof ExportReceipt>
