const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 },
  ...{ ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3, ti: 1024 ** 4 },
};

/** The spelling of a number of bytes. The unit is required, so that bytes are not taken for megabytes. */
export const BYTE_SIZE = /^(\d{1,9}(?:\.\d{1,9})?)([kKmMgGtT][iI]?)?[bB]$/;

/** Reads `500MB`, `10GB` (powers of 1000), `1.5GiB` (of 1024), `900B` as whole bytes; undefined for anything else. */
export function parseByteSize(text: string): number | undefined {
  const match = BYTE_SIZE.exec(text);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}
