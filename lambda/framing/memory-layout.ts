// Where the WebAssembly module works in its memory. It is compiled into the module, too. First, the reader of JSON documents.

/** Go's decoder, and so the API server, takes no JSON that is nested deeper than half of this. */
export const maxDepth = 20_000;

/** Numbers that are set before a part is read and have changed afterwards. */
export const depthAt = 0;
export const stateAt = 4;
/** 1 after the backslash of an escape. */
export const isEscapedAt = 8;
/** The last quotation mark with which a string began. */
export const lastStringAt = 12;
/** Where reading ended. */
export const placeAt = 16;
/** How many places are at `listsAt`. */
export const listCountAt = 20;
/** Behind the last value that ended, or the last bracket that opened. */
export const completeToAt = 24;
/** So many words are up to here. */
export const progressWords = 7;
/** The class of each byte, as in json-bytes.ts. */
export const classesAt = 64;
/** Where lists opened directly in the document. */
export const listsAt = 320;
export const maxLists = 256;
/** The open brackets, the outermost first. */
export const bracketsAt = 1344;
/** Where the last key within each of them begins and ends. */
export const keysAt = 21_376;
/** A part of the document. */
export const partAt = keysAt + 8 * maxDepth;
export const maxPartBytes = 32_768;
/** A string is read 16 bytes at a time, and the last ones may be behind the part. */
const readerEnd = partAt + maxPartBytes + 64;

/** What the reader is in, or what has to come next. */
export const stateValue = 0;
export const stateFirstItem = 1;
export const stateFirstKey = 2;
export const stateKey = 3;
export const stateColon = 4;
export const stateNext = 5;
export const stateInKey = 6;
export const stateInText = 7;
export const stateInScalar = 8;

/** The part was read to its end, or the places of lists have to be taken before the rest of it is read. */
export const readingOpen = 0;
export const readingEnded = 1;
export const readingFault = 2;

// Behind it, the search.

/** How many hits are at `hitsAt`. */
export const countAt = readerEnd;
/** The lanes of a vector that are looked at one by one. */
export const lanesAt = countAt + 16;
/** Hits: where one begins in the window, times `kindSpan`, plus the kind of its pattern. */
export const hitsAt = countAt + 64;
export const maxHits = 4096;
export const kindSpan = 8;
/** The bytes that are searched. Hits that begin within `windowBytes` are reported; those behind are looked at only. */
export const windowAt = hitsAt + 4 * maxHits;
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
