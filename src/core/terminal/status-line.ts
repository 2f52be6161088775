import { CR } from './codes.js';
import { dim, eraseLine, SPINNER } from './drawing.js';

/** The line by which orch's own programs say, while they print nothing else, what they wait for; drawn again in place. `frame`: from 0. */
export function statusLine(text: string, frame: number): string {
  return eraseLine + dim(`${SPINNER[frame % SPINNER.length] ?? ''} ${text}`);
}

/** More bytes than the status lines of a minute have; what a program prints besides is rarely looked at. */
const MAX_BYTES = 16_384;

const ONLY_STATUS_LINES = new RegExp(
  `^(?:\\r\\x1b\\[2K\\x1b\\[2m[${SPINNER.join('')}] [^\\x1b\\n]*\\x1b\\[22m)+$`,
  'u',
);

/** Whether bytes as a program printed them are status lines, whole ones, and nothing else. */
export function isOnlyStatusLines(bytes: Uint8Array): boolean {
  return bytes[0] === CR && bytes.length <= MAX_BYTES && ONLY_STATUS_LINES.test(Buffer.from(bytes).toString());
}
