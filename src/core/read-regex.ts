import { errors, reason } from './errors.js';

/**
 * A regular expression that somebody typed, called `what` where it is none.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function readRegex(what: string, source: string, flags = '', example = "'error|fail'"): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const why = reason(error).replace(/^Invalid regular expression: /, '');
    throw errors.badArgument(`${what} is no regular expression: ${why}`, `JavaScript's syntax, such as ${example}`);
  }
}
