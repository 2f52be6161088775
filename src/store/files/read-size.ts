/** One read of a file: large enough to be cheap, small enough that a reader which stops early has read little for nothing. */
export const READ_BYTES = 64 * 1024;
