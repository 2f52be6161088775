import { errors } from '../../core/errors.js';
import { DEFAULT_LIMITS, type LogLimits } from '../../core/log-limits.js';
import type { OptionValues } from '../options/command.js';
import { readByteSize } from '../options/read-byte-size.js';

/** Where nobody said how large segments are, so many fit into a log that may only be small. */
const SEGMENTS = 8;
/** Smaller ones are more files than bytes. */
const MIN_SEGMENT_BYTES = 4096;

/** How large a log and its segments become. @throws OrchError BAD_ARGUMENT */
export function readLogLimits(options: OptionValues): LogLimits {
  const isEndless = options.text('max-log-size') === 'none';
  const maxBytes = isEndless ? Infinity : (readByteSize(options, 'max-log-size') ?? DEFAULT_LIMITS.maxBytes);
  const fitting = Math.max(MIN_SEGMENT_BYTES, Math.floor(maxBytes / SEGMENTS));
  const segmentBytes = readByteSize(options, 'segment-size') ?? Math.min(DEFAULT_LIMITS.segmentBytes, fitting);
  if (segmentBytes < MIN_SEGMENT_BYTES)
    throw errors.badArgument(`--segment-size is less than ${MIN_SEGMENT_BYTES} bytes`, 'such as --segment-size 64MiB');
  if (maxBytes < segmentBytes)
    throw errors.badArgument(
      `--max-log-size is less than one segment, ${segmentBytes} bytes`,
      'make it larger, or --segment-size smaller',
    );
  return { segmentBytes, maxBytes };
}
