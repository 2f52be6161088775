/** The segment that is being written; where nothing was rotated, the whole recording. */
export const LOG_NAME = 'backend.log';

const OFFSET_DIGITS = 16;
const SEALED = new RegExp(`^backend\\.(\\d{${OFFSET_DIGITS}})\\.log(\\.gz)?$`);

/** The name of a sealed segment, by the absolute offset of its first byte. */
export function sealedLogName(start: number): string {
  return `backend.${digits(start)}.log`;
}

/** The name of the same segment when it is compressed. */
export function packedLogName(start: number): string {
  return `${sealedLogName(start)}.gz`;
}

/** The offset in a sealed segment's name, compressed or not; undefined for any other name. */
export function sealedLogStart(name: string): number | undefined {
  const digits = SEALED.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function isPackedLogName(name: string): boolean {
  return SEALED.exec(name)?.[2] !== undefined;
}

const KEYS = new RegExp(`^backend\\.(\\d{${OFFSET_DIGITS}})\\.keys$`);

/** The name of the keyframes of a segment, by the absolute offset of its first byte, whatever the segment is called. */
export function keyframesName(start: number): string {
  return `backend.${digits(start)}.keys`;
}

/** The offset in the name of a file of keyframes; undefined for any other name. */
export function keyframesStart(name: string): number | undefined {
  const digits = KEYS.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function digits(start: number): string {
  return start.toString().padStart(OFFSET_DIGITS, '0');
}
