/** What a photo may be, by its first bytes: what a name or a header says of it is not believed. */

/** JPEG (ITU-T T.81 B.1.1.3), PNG (ISO/IEC 15948 5.2), WebP (RFC 9649 2.4). */
export function isPhoto(bytes: Uint8Array): boolean {
  const begins = (text: string, at = 0): boolean =>
    [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0))
  return begins('\xff\xd8\xff') || begins('\x89PNG\r\n\x1a\n') || (begins('RIFF') && begins('WEBP', 8))
}

/** With which status the process ends that reads it. */
export const refusedStatus = { unknown: 10, damaged: 11, tooManyPixels: 12 } as const

export type PhotoFault = keyof typeof refusedStatus
