import { compilePattern, type Pattern } from './pattern.js';
import { PatternRefused } from './pattern-refused.js';
import { errors } from '../errors.js';

/**
 * Compiles a regular expression that a user typed; `what` names it in errors.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function readPattern(what: string, source: string, flags = '', example = "'error|fail'"): Pattern {
  try {
    return compilePattern({ source, flags });
  } catch (error) {
    if (!(error instanceof PatternRefused)) throw error;
    if (error.fix !== undefined) throw errors.badArgument(`${what} cannot be used: ${error.message}`, error.fix);
    throw errors.badArgument(
      `${what} is not a regular expression: ${error.message}`,
      `JavaScript's syntax, such as ${example}`,
    );
  }
}

const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** A regular expression that matches this text, and nothing else. */
export function escapedPattern(text: string): string {
  return text.replace(SPECIAL, '\\$&');
}
