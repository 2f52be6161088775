import { itemAt } from '../../core/items/element-at.js';
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { errors } from '../../core/errors.js';

/** Replaces bytes that are not UTF-8 in a decoded text; may also have been typed. */
const REPLACEMENT = '\ufffd';

/**
 * Refuses arguments that are not UTF-8: Node has changed them before orch gets them, and an agent would get others than were
 * given. Where the system does not say what was given (it is not Linux), one with U+FFFD in it may be any.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function refuseArguments(argv: readonly string[]): void {
  const suspect = argv.findIndex((argument) => argument.includes(REPLACEMENT));
  if (suspect === -1) return;
  const given = listIn('/proc/self/cmdline')?.slice(-argv.length);
  if (given === undefined) throw notUtf8(`argument ${suspect + 1} (${itemAt(argv, suspect)})`);
  // In front are node, its own options, and this program.
  const broken = given.findIndex((bytes, at) => bytes.toString() === argv[at] && !isUtf8(bytes));
  if (broken !== -1) throw notUtf8(`argument ${broken + 1} (${itemAt(argv, broken)})`);
}

/** Refuses variables of orch's own that are not UTF-8. @throws OrchError BAD_ARGUMENT */
export function refuseVariables(env: Readonly<Record<string, string | undefined>>): void {
  const name = brokenVariables(env).find((variable) => variable.startsWith('ORCH_'));
  if (name !== undefined) throw notUtf8(`${name} (${env[name] ?? ''})`);
}

/** A sentence for each variable whose value an agent does not get unchanged. */
export function changedVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return brokenVariables(env).map((name) => `${name} is not UTF-8: the agent gets U+FFFD for such bytes`);
}

function brokenVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const suspects = Object.keys(env).filter((name) => env[name]?.includes(REPLACEMENT));
  if (suspects.length === 0) return [];
  const given = listIn('/proc/self/environ');
  return suspects.filter((name) =>
    given?.some((bytes) => bytes.toString() === `${name}=${env[name] ?? ''}` && !isUtf8(bytes)),
  );
}

function notUtf8(what: string): Error {
  return errors.badArgument(
    `${what} is not UTF-8`,
    'rename the file it names, or give the text in a file with --prompt-file',
  );
}

/** The NUL-terminated texts of a file; undefined where it cannot be read. */
function listIn(path: string): readonly Buffer[] | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const list: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    const to = end === -1 ? bytes.length : end;
    list.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return list;
}
