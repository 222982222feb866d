/** How much memory the store may take: a share of what this machine, or this container, has. */
import { memoryMbMax, memoryMbMin, rollupCacheBytesMax, rollupCacheShare } from './limits.ts'
import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/** A quarter leaves a Raspberry Pi of 1 GB enough for the rest of the hub; below 128 MB sorting an export needs the disk. */
const shareOfAll = 1 / 4

/** `hubMb` is what the hub may take; null: what there is. */
export function storeMemoryMb(hubMb: number | null = null): number {
  // The limit of the control group, of version 1 or 2; 0 or larger than the machine where there is none.
  const constrained = process.constrainedMemory() || Infinity
  const all = Math.min(hubMb ?? Infinity, Math.min(totalmem(), constrained) / mebibyte)
  return Math.round(Math.min(memoryMbMax, Math.max(memoryMbMin, all * shareOfAll)))
}

/** Of what the store may take, for hours and days that were asked for. */
export function rollupCacheBytes(memoryMb: number): number {
  return Math.min(rollupCacheBytesMax, memoryMb * mebibyte * rollupCacheShare)
}
