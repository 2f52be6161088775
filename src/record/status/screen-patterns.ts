import type { ScreenPattern, ScreenPatterns } from '../../backends/behaviour.js';
import { compilePattern, type Pattern } from '../../core/pattern/pattern.js';
import type { Neighbours } from './said-lines.js';

/** Signs that can be looked for. */
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

/** What a line says, by the signs of an agent. A failure counts more than an end, and that more than a question. */
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

/** What is too long to be looked through in a third of a second is no line that an agent says something by. */
function matchesSoon(pattern: Pattern, text: string): boolean {
  return pattern.steps(text) <= MOST_STEPS && pattern.test(text);
}

const MOST_STEPS = 100_000_000;
