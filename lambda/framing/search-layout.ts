// Where what the WebAssembly module works with lies in its memory. It is compiled into the module, too.

/** How many hits are at `hitsAt`. */
export const countAt = 0;
/** The lanes of a vector that are looked at one by one. */
export const lanesAt = 16;
/** Hits: where one begins in the window, times `kindSpan`, plus the kind of its pattern. */
export const hitsAt = 64;
export const maxHits = 4096;
export const kindSpan = 8;
/** The bytes that are searched. Hits that begin within `windowBytes` are reported; those behind are looked at only. */
export const windowAt = 16_448;
export const windowBytes = 32_768;
/** The bytes behind the window: those that a hit may need, and those that a step may read in excess. */
const lookaheadBytes = 512;
/** The program: tables by the halves of two bytes, the characters that may be escaped, the buckets, the patterns. */
export const programAt = windowAt + windowBytes + lookaheadBytes;
export const firstLowAt = 0;
export const firstHighAt = 16;
export const secondLowAt = 32;
export const secondHighAt = 48;
export const charactersAt = 64;
export const bucketsAt = 320;
export const patternsAt = 384;
/** A pattern: its kind, the place of its pair of bytes, its length, its bytes, and the bits to set in what is compared. */
export const pairAt = 2;
export const lengthAt = 4;
export const bytesAt = 6;

export const kindLiteral = 0;
/**
 * Begins an escape: two hexadecimal digits have to follow, of a character that has the bit of the kind in the table of
 * characters.
 */
export const kindJsonEscape = 1;
export const kindPercent = 2;
/** A literal whose hits the caller checks. */
export const kindChecked = 3;
/** From here on the first hit in a window is enough. */
export const kindNul = 4;
export const kindGzip = 5;
export const kindZstd = 6;
