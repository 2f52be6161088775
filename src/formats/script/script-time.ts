/** `2026-01-02 03:04:05+00:00`, as script(1) of util-linux has it; `ms`: Unix time. */
export function scriptTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}

/** The same in milliseconds; of what older versions and other locales write as much as can be read. Undefined: none. */
export function readScriptTime(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/, '$1T$2'));
  return Number.isNaN(time) || time < 0 ? undefined : time;
}
