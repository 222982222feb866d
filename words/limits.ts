/** How much a sentence holds. */

/** Streets that the sentence of the neighbourhood names: three are read in one breath, and the list below has the rest. */
export const namesMax = 3
