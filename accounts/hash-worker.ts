/** Where a thread that hashes passwords starts. */
import { argon2Sync, type Argon2Parameters } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { serve } from '../thread.ts'

export interface HashMethods {
  derive(parameters: Argon2Parameters): Promise<Uint8Array>
}

if (parentPort)
  serve(parentPort, {
    // Copied: what leaves for another thread is these bytes, and no memory around them.
    derive: (parameters: Argon2Parameters) => Uint8Array.from(argon2Sync('argon2id', parameters))
  })
