/** The limits of photos, each with its arithmetic. */

/** Phones take 12 to 50 megapixels. Decoded line by line these are at most some 100 MB of memory, in a process of its own. */
export const photoPixelsMax = 64_000_000

/** Of a progressive or interlaced photo, and of a WebP, all is held at once: 20 megapixels are 120 MB. */
export const photoWholePixelsMax = 20_000_000

/** Longest side as it is kept: spots of mould can be seen on it, at 200 to 500 kB. */
export const photoSidePxMax = 1_600

/** A photo of 50 megapixels takes a Raspberry Pi about 4 s. */
export const photoMsMax = 20_000

/** One is made at a time, with these waiting: a minute at most on a small machine, and 64 MB of memory. */
export const photosWaitingMax = 4

/** Ten years of twenty photos a year: at 500 kB 100 MB. */
export const photosPerPersonMax = 200
