/**
 * Work that takes several requests and must be whole in the end: it is noted in the state file when it begins, and
 * whoever connects next finishes what a crash or an outage cut short. Each kind of work may be done twice.
 */
import type { Core } from '../core.ts'
import { eraseNow } from './erase.ts'
import type { Erasure, Move, RetractedReading, Trim } from '../../promise/keep.ts'
import { reassignNow } from './reassign.ts'
import { trimNow } from './trim.ts'
import { retractNow, undoNow } from './undo.ts'

export type Work =
  | ({ kind: 'erase' } & Erasure)
  | { kind: 'trim'; parts: readonly Trim[] }
  | { kind: 'reassign'; move: Move }
  | { kind: 'undo'; importId: number }
  | { kind: 'retract'; readings: readonly RetractedReading[] }

/** Within the writer's turn. Gives how many readings it was about. */
export async function doWork(core: Core, work: Work): Promise<number> {
  const { state } = core
  state.run('INSERT INTO work (detail) VALUES (?)', JSON.stringify(work))
  const [row] = state.all('SELECT max(id) AS id FROM work')
  return carryOut(core, work, Number(row?.id))
}

export async function finishWork(core: Core): Promise<void> {
  for (const { id, detail } of core.state.all('SELECT id, detail FROM work ORDER BY id')) {
    await carryOut(core, workOf(String(detail)), Number(id))
  }
}

/** As it was noted; the first versions erased one site at a time. */
function workOf(detail: string): Work {
  const work = JSON.parse(detail) as Work | { kind: 'erase'; siteId: string }
  return 'siteId' in work ? { kind: 'erase', siteIds: [work.siteId], deviceIds: [] } : work
}

async function carryOut(core: Core, work: Work, id: number): Promise<number> {
  core.recent.clear()
  const count = await kinds(core, work)
  core.state.run('DELETE FROM work WHERE id = ?', id)
  if (work.kind === 'erase') core.state.fold()
  return count
}

function kinds(core: Core, work: Work): Promise<number> {
  switch (work.kind) {
    case 'erase':
      return eraseNow(core, work)
    case 'trim':
      return trimNow(core, work.parts)
    case 'reassign':
      return reassignNow(core, work.move)
    case 'undo':
      return undoNow(core, work.importId)
    case 'retract':
      return retractNow(core, work.readings)
  }
}
