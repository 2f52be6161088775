import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { errors, reason } from '../../core/errors.js';
import { namedKey } from '../../core/terminal/named-keys.js';
import { placeOf, refusedCharacter } from '../../core/terminal/paste.js';
import type { Message } from '../../host/message.js';
import { MAX_KEPT_BYTES } from '../../host/input/text-draft.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import type { FlagKind } from '../../settings/value-kind.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readValue } from '../options/read-value.js';

/**
 * What a line of `orch send` asks to be typed to `task`; what no host would type is refused.
 *
 * @throws OrchError BAD_ARGUMENT, SEND_REFUSED
 */
export async function messageOf(
  { options, operands }: ParsedLine,
  task: string,
  context: CliContext,
): Promise<Message> {
  const pressed = readValue(options, 'keys', keyNames);
  if (pressed !== undefined && options.has('no-enter'))
    throw errors.badArgument('--keys and --no-enter exclude each other', 'no Enter is pressed behind --keys');
  const keys = pressed ?? (options.has('no-enter') ? [] : ['enter']);
  const given = await textOf(operands.slice(1), options.text('file'), task, context);
  // A line end in front of Enter would be one too many.
  const text = keys[0] === 'enter' ? given.replace(/\r?\n$/, '') : given;
  if (text === '' && pressed === undefined) throw errors.sendRefused(task, 'empty');
  const character = refusedCharacter(text);
  if (character !== undefined) throw errors.sendRefused(task, 'character', placeOf(character));
  return { text, keys, isAnswer: options.has('answer'), name: `process ${context.pid}` };
}

/** The value of `--keys`. */
const keyNames: FlagKind<readonly string[]> = {
  read: (text, flag) => {
    const names = text.split(',');
    const unknown = names.find((name) => namedKey(name) === undefined);
    if (unknown === undefined) return names;
    throw errors.badArgument(
      `${flag}: there is no key '${unknown}'`,
      `names of keys, with commas between, such as ${flag} down,enter or ${flag} ctrl-c`,
    );
  },
};

async function textOf(
  words: readonly string[],
  file: string | undefined,
  task: string,
  { cwd, stdin }: CliContext,
): Promise<string> {
  if (file !== undefined && words.length > 0)
    throw errors.badArgument('--file and a text exclude each other', 'leave one out');
  if (file !== undefined) return readText(createReadStream(resolve(cwd, file)), `--file ${file}`, task);
  if (words.length !== 1 || words[0] !== '-') return words.join(' ');
  return readText(pipedInput(stdin.fd) ?? createReadStream('', { fd: stdin.fd, autoClose: false }), 'stdin', task);
}

async function readText(source: Readable, name: string, task: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length > MAX_KEPT_BYTES) break;
    }
  } catch (error) {
    throw errors.badArgument(
      `${name} cannot be read: ${reason(error)}`,
      'name a file with a text, or - for what is piped in',
    );
  }
  if (length > MAX_KEPT_BYTES) throw errors.sendRefused(task, 'too-long');
  const bytes = Buffer.concat(pieces);
  if (!isUtf8(bytes)) throw errors.badArgument(`${name} is not UTF-8`, 'send text, saved as UTF-8');
  return bytes.toString();
}
