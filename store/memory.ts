/** How much memory the store may take: a share of what this machine, or this container, has. */
import { memoryMbMin, memoryMbMax } from './limits.ts'
import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/** A quarter leaves a Raspberry Pi of 1 GB enough for the rest of the hub; below 128 MB sorting an export needs the disk. */
const shareOfAll = 1 / 4

export function storeMemoryMb(): number {
  // 0 or larger than the machine where nothing constrains the process.
  const constrained = process.constrainedMemory() || Infinity
  const all = Math.min(totalmem(), constrained) / mebibyte
  return Math.round(Math.min(memoryMbMax, Math.max(memoryMbMin, all * shareOfAll)))
}
