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
