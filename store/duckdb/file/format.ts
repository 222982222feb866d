/** The version of the file's tables. Apart from them, so that who only asks for it needs no DuckDB. */

/** Grows with every change that an older program could not read. */
export const formatVersion = 2
