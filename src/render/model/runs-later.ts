import type { Run } from './frame.js';

/** The same with its colours, which are made when somebody asks for them, and once. */
export function withRuns<T extends object>(text: T, make: () => readonly Run[]): T & { readonly runs: readonly Run[] } {
  let runs: readonly Run[] | undefined;
  return Object.defineProperty(text, 'runs', { enumerable: true, get: () => (runs ??= make()) }) as T & {
    readonly runs: readonly Run[];
  };
}
