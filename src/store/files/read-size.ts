/** One read of a file: large enough to be cheap, small enough that a reader which stops early has read little for nothing. */
export const READ_BYTES = 64 * 1024;

/** One read of a recording whose text is only handed on: each of a thousand reads costs more than what is done with 64 KiB. */
export const LARGE_READ_BYTES = 256 * 1024;
