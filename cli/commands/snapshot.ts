/** `lamppost snapshot`: what everybody may know, as a dataset that stays as it is and can be cited. */
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatasetProgress } from '../../documents/dataset/datasets.ts'
import { counted, megabytes } from '../../model/counted.ts'
import {
  option,
  WrongUse,
  type Command,
  type CommandContext,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'

export const snapshotCommand: Command = {
  words: 'snapshot',
  usage: 'snapshot [-o DIR]',
  says: 'Make a dataset of everything that is public, which stays as it is; served at /datasets, and copied to DIR',
  options: { dir: { type: 'string', short: 'o' } },
  positionals: [0, 0],
  prepare(input) {
    const dir = option(input, 'dir')
    return dir === undefined ? input : { ...input, values: { ...input.values, dir: absentOrEmpty(dir) } }
  },
  run: snapshot
}

async function* snapshot(
  { datasets, pipeline }: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  // What devices sent up to now is in it, and its hours are made.
  await pipeline.service.drain()
  const dir = option(input, 'dir')
  const events = eventQueue<DatasetProgress>()
  const work = datasets.make(events.push, dir)
  work.then(events.end, events.end)
  for await (const { doing, done, total } of events) yield { progress: doing, done, total }
  const { version, sites, rows, files } = await work
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const where = dir === undefined ? '' : ` A copy is in ${dir}.`
  return {
    json: {
      version,
      sites,
      rows,
      files: files.length,
      bytes,
      path: `/datasets/${version}`,
      dir: dir ?? null
    },
    text:
      `Dataset ${version}: ${counted(rows, 'reading')} of ${counted(sites, 'site')} in ${counted(files.length, 'file')}, ${megabytes(bytes)}. ` +
      `It is served at /datasets/${version} and stays as it is.${where}`
  }
}

function absentOrEmpty(dir: string): string {
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new WrongUse(`${dir} is not empty. Choose another folder.`)
  return resolve(dir)
}
