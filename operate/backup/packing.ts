/** The process that checks and packs a backup, seen from the hub that waits for it and can end it at once. */
import { fork, type ChildProcess, type Serializable } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { caller, type Caller } from '../../thread.ts'
import type { Manifest } from './archive.ts'
import type { PackProgress, PackRequest, PackService } from './pack-process.ts'

export class Packing {
  #process: ChildProcess | undefined

  /** `onProgress` hears what is being done and how many bytes were packed or read back. */
  pack(request: PackRequest, onProgress: (doing: string, bytes: number) => void): Promise<Manifest> {
    const { remote, on } = this.#start()
    let bytes = 0
    on<PackProgress>('packProgress', (progress) => onProgress(progress.doing, (bytes += progress.bytes)))
    return remote.pack(request)
  }

  #start(): Caller<PackService> {
    const child = fork(fileURLToPath(new URL('./pack-process.ts', import.meta.url)), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    })
    this.#process = child
    const packer = caller<PackService>({
      // Both ends are ours, and all that passes is plain JSON.
      postMessage: (message) => void child.send(message as Serializable),
      on: (event, listener) => child.on(event, listener)
    })
    child.on('error', (cause) => packer.fail(cause))
    child.on('exit', (code, signal) =>
      packer.fail(new Error(`the process that packs it ended early (${signal ?? code})`))
    )
    return packer
  }

  end(): void {
    this.#process?.kill('SIGKILL')
  }
}
