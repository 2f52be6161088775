import { isRecord } from '../../core/guards.js';

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object of a JSON text; undefined where it is something else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const json = parseJson(text);
  return isRecord(json) ? json : undefined;
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A text, where it is one. */
export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
