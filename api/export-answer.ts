/** An export as an answer: how it is described in the OpenAPI document, and which headers name the file. */
import type { FastifyReply } from 'fastify'
import type { ExportFormatName } from '../contract/export.ts'
import { exportFormats } from '../documents/export/formats.ts'
import { StreamedText } from './app.ts'

export const exportedFile = {
  description: 'The file',
  content: Object.fromEntries(
    Object.values(exportFormats).map(({ contentType }) => [
      contentType.split(';')[0]!,
      { schema: StreamedText }
    ])
  )
}

/** `name` is what a browser saves it as, without its extension. */
export function asExport(reply: FastifyReply, format: ExportFormatName, name: string): FastifyReply {
  const { contentType, extension } = exportFormats[format]
  return reply.type(contentType).header('content-disposition', `attachment; filename="${name}.${extension}"`)
}
