/** Where the journal's worker thread starts: answers the thread that opened the journal, and every reader. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { UnixMs } from '../model/time.ts'
import { serve } from '../thread.ts'
import type { PackedGroup } from './group.ts'
import type { HeldRow, JournalFileLimits } from './journal-file.ts'
import type { MendedTimes } from '../model/message.ts'
import { JournalThread } from './journal-thread.ts'

export interface WorkerStart extends JournalFileLimits {
  dataFile: string
  /** Each message on this port is the port of a new reader. */
  doors: MessagePort
}

/** The methods as they look from the other thread: every answer is a promise. */
type Remote<T> = {
  [M in keyof T]: T[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}
export type WorkerMethods = Remote<ReturnType<typeof writerMethods>>
export type ReaderMethods = Remote<ReturnType<typeof readerMethods>>

if (parentPort) run(parentPort, workerData as WorkerStart)

function run(parent: MessagePort, start: WorkerStart): void {
  const thread = new JournalThread(start)
  // An open port keeps a thread alive: closing the journal closes them all, those of readers too.
  const ports = new Set<MessagePort>([parent, start.doors])
  const closePorts = (): void => ports.forEach((port) => port.close())
  thread.addListener(serve(parent, writerMethods(thread, closePorts)))
  start.doors.on('message', (port: MessagePort) => {
    const listener = serve(port, readerMethods(thread))
    thread.addListener(listener)
    ports.add(port)
    port.on('close', () => {
      thread.removeListener(listener)
      ports.delete(port)
    })
  })
}

function writerMethods(thread: JournalThread, closePorts: () => void) {
  return {
    open: () => thread.open(),
    append: (group: PackedGroup, now: UnixMs) => thread.append(group, now),
    reserveSequence: () => thread.write((file) => file.reserveSequence()),
    trim: (now: UnixMs) => thread.trim(now),
    tryOut: () => thread.tryOut(),
    erase: (deviceId: string, through?: number) => thread.erase(deviceId, through),
    close: () => {
      thread.close()
      setImmediate(closePorts) // After the answer went out.
    }
  }
}

function readerMethods(thread: JournalThread) {
  return {
    moveCheckpoint: (sequence: number, sources?: ReadonlyMap<string, string>) =>
      thread.write((file) => file.moveCheckpoint(sequence, sources)),
    hold: (rows: HeldRow[]) => thread.write((file) => file.hold(rows)),
    mendTimes: (stretch: MendedTimes) => thread.write((file) => file.mendTimes(stretch)),
    timesAreMended: (id: number) => thread.write((file) => file.timesAreMended(id)),
    release: (deviceId: string, sequences: number[]) =>
      thread.write((file) => file.release(deviceId, sequences))
  }
}
