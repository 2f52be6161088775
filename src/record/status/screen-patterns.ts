import type { ScreenPattern, ScreenPatterns } from '../../backends/behaviour.js';
import { compilePattern, type Pattern } from '../../core/pattern/pattern.js';
import type { Neighbours } from './said-lines.js';

/** Screen patterns that are ready to be matched. */
export type CompiledPatterns = Readonly<Record<keyof ScreenPatterns, readonly CompiledPattern[]>>;

interface CompiledPattern {
  readonly pattern: Pattern;
  readonly betweenEqualLines: boolean;
}

export function compilePatterns({ done = [], waiting = [], failed = [] }: ScreenPatterns): CompiledPatterns {
  return { done: done.map(compiled), waiting: waiting.map(compiled), failed: failed.map(compiled) };
}

function compiled(pattern: ScreenPattern): CompiledPattern {
  return { pattern: compilePattern(pattern), betweenEqualLines: pattern.betweenEqualLines === true };
}

/** The meaning of a line by the patterns of an agent. A failure outranks `done`, and that outranks `waiting`. */
export function meaningOf(
  text: string,
  { before = '', after = '' }: Neighbours,
  { failed, done, waiting }: CompiledPatterns,
): keyof ScreenPatterns | undefined {
  const matches = ({ pattern, betweenEqualLines }: CompiledPattern): boolean => {
    if (betweenEqualLines && (before === '' || before !== after)) return false;
    return matchesSoon(pattern, pattern.source.includes('\\n') ? `${before}\n${text}\n${after}` : text);
  };
  if (failed.some(matches)) return 'failed';
  if (done.some(matches)) return 'done';
  return waiting.some(matches) ? 'waiting' : undefined;
}

/** Whether the pattern matches; a line that would take longer than a third of a second does not. */
function matchesSoon(pattern: Pattern, text: string): boolean {
  return pattern.steps(text) <= MOST_STEPS && pattern.test(text);
}

const MOST_STEPS = 100_000_000;
