/** The segment that is being written; where nothing was rotated, the whole recording. */
export const LOG_NAME = 'backend.log';

const OFFSET_DIGITS = 16;
const SEALED = new RegExp(`^backend\\.(\\d{${OFFSET_DIGITS}})\\.log$`);

/** The name of a sealed segment, by the absolute offset of its first byte. */
export function sealedLogName(start: number): string {
  return `backend.${start.toString().padStart(OFFSET_DIGITS, '0')}.log`;
}

/** The offset in a sealed segment's name; undefined for any other name. */
export function sealedLogStart(name: string): number | undefined {
  const digits = SEALED.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const KEYS = new RegExp(`^backend\\.(\\d{${OFFSET_DIGITS}})\\.keys$`);

/** The name of the keyframes of a segment, by the absolute offset of its first byte, whatever the segment is called. */
export function keyframesName(start: number): string {
  return `backend.${start.toString().padStart(OFFSET_DIGITS, '0')}.keys`;
}

/** The offset in the name of a file of keyframes; undefined for any other name. */
export function keyframesStart(name: string): number | undefined {
  const digits = KEYS.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
