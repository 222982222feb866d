/** The damp record as a PDF: the blocks of words/record on A4, tagged for screen readers, with charts as vectors. */
import type { DampRecord } from '../../contract/damp-record.ts'
import type { UnixMs } from '../../model/time.ts'
import { surfaceHumidityRisk } from '../../science/surface.ts'
import { dateText } from '../../words/format.ts'
import type { RecordBlock } from '../../words/record/blocks.ts'
import type { RecordContext } from '../../words/record/context.ts'
import { recordBlocks, recordTitle } from '../../words/record/record.ts'
import { drawChart, type ChartShape } from './chart.ts'
import { Paper } from './paper.ts'

export async function recordPdf(context: RecordContext, record: DampRecord): Promise<Uint8Array> {
  const { words } = context
  const say = words.record
  const title = recordTitle(context, record)
  const paper = new Paper({
    title,
    author: record.hub,
    subject: say.subject,
    language: words.common.locale,
    madeAt: new Date(Date.parse(record.madeAt) as UnixMs)
  })
  for (const block of recordBlocks(context, record)) draw(paper, context, record, block)
  if (paper.hasLost) paper.paragraph(say.notPrintable, true)
  return paper.file((page, of) => `${title} · ${say.page(page, of)}`)
}

function draw(paper: Paper, context: RecordContext, record: DampRecord, block: RecordBlock): void {
  switch (block.kind) {
    case 'title':
      return paper.title(block.text)
    case 'heading':
      return paper.heading(block.text, block.level)
    case 'text':
      return paper.paragraph(block.text, block.small)
    case 'list':
      return paper.list(block.items)
    case 'facts':
      return paper.table({ rows: block.rows, widths: [32, 68] }, true)
    case 'table':
      return paper.table(block)
    case 'command':
      return paper.command(block.text)
    case 'chart':
      return drawChart(paper, chartShape(context, record, block))
  }
}

function chartShape(
  context: RecordContext,
  { rooms, timezone }: DampRecord,
  { chart, room, title, alt }: Extract<RecordBlock, { kind: 'chart' }>
): ChartShape {
  const { lines: say } = context.words.record
  const { columns } = rooms[room]!
  const common = {
    title,
    alt,
    time: columns.time,
    window: columns.window,
    timezone,
    dayText: (at: number) => dateText(context, at, { day: 'numeric', month: 'short' })
  }
  if (chart === 'humidity')
    return {
      ...common,
      unit: '%',
      // Above 100 % water stands on the wall; how far above says nothing.
      lines: [
        {
          label: say.corner,
          style: 'strong',
          values: columns.cornerHumidity.map((value) => (value === null ? null : Math.min(100, value)))
        },
        { label: say.air, style: 'plain', values: columns.humidity }
      ],
      limit: { value: surfaceHumidityRisk, label: say.limit }
    }
  return {
    ...common,
    unit: '°C',
    lines: [
      { label: say.corner, style: 'strong', values: columns.cornerTemperature },
      { label: say.air, style: 'plain', values: columns.temperature },
      { label: say.dewPoint, style: 'dashed', values: columns.dewPoint },
      { label: say.outdoor, style: 'dotted', values: columns.outdoorTemperature }
    ]
  }
}
