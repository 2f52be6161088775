import { isRecord } from '../../core/guards.js';

/**
 * What is in a parsed line of unknown origin. Guards by hand, because loading a schema library takes longer than starting this program:
 * a value of another type is as one that is missing.
 */
export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The texts of blocks of content, each other block by its type in brackets. */
export function contentText(content: unknown): string {
  return text(content) ?? list(content).map(blockText).join('\n');
}

function blockText(value: unknown): string {
  const block = fields(value);
  return text(block['text']) ?? `[${text(block['type']) ?? 'unknown'}]`;
}

/** The sum of those that are there; undefined where none is. */
export function total(values: readonly unknown[]): number | undefined {
  const numbers = values.map(number).filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : numbers.reduce((sum, value) => sum + value, 0);
}
