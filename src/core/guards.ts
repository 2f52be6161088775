/** Whether a value of unknown origin is a `T`. Data from outside is checked once, where it comes in. */
export type Guard<T> = (value: unknown) => value is T;

/** The guard of each property of `T`, so that none is forgotten. */
export type Guards<T> = { readonly [Key in keyof T]-?: Guard<T[Key]> };

/** A count or an index: a safe integer of at least 0. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A finite number. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Bytes in an ArrayBuffer, which can be transferred to another thread. */
export function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
}

export function isMemory(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer;
}

/** Refuses every value. */
export const isNever: Guard<never> = isOneOf<never>();

/** An object with properties by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isOneOf<const T>(...values: readonly T[]): Guard<T> {
  return (value): value is T => values.some((candidate) => candidate === value);
}

export function maybe<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function isListOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard);
}

/** An object with these properties; it may have others. */
export function isShape<T>(guards: Guards<T>): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(guards);
  return (value): value is T => isRecord(value) && entries.every(([key, guard]) => guard(value[key]));
}

/** One of several shapes, by their `type`. */
export function isVariantOf<T extends { readonly type: string }>(
  variants: {
    readonly [Type in T['type']]: Guards<Omit<Extract<T, { readonly type: Type }>, 'type'>>;
  },
): Guard<T> {
  const guards = new Map(
    Object.entries<Guards<object>>(variants).map(([type, properties]) => [type, isShape(properties)]),
  );
  return (value): value is T =>
    isRecord(value) && typeof value['type'] === 'string' && guards.get(value['type'])?.(value) === true;
}
