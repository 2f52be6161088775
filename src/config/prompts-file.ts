import { basename, dirname, resolve } from 'node:path';
import { errors } from '../core/errors.js';
import { refusalOfName } from '../core/text/task-name.js';
import { argv } from './argv.js';
import { readDocuments } from './document.js';
import { readText } from './read-text.js';
import { optionsIn, runFlagKeys } from './run-flags.js';
import { checked, listOf, object, optional, type Shape, simplyOr, text, textLike } from './shapes.js';
import { nameOf, refuse, type Value } from './value.js';

/** Room for thousands of long prompts. */
const MAX_BYTES = 4 * 1024 * 1024;

/** One run of an agent: its prompt, and its own flags. */
export type PromptTask = {
  /** Its position in the file: `tasks.yml:7:3`. */
  readonly at: string;
  /** The options of `orch run` that are set for this task alone, such as `name`, as on a command line. */
  readonly options: ReadonlyMap<string, string>;
} & (
  | { readonly type: 'prompt'; readonly prompt: string }
  /** An absolute path. */
  | { readonly type: 'prompt-file'; readonly promptFile: string }
  | { readonly type: 'command'; readonly argv: readonly string[] }
);

/**
 * The tasks of a file, in its order; at least one. In a `.yml` or `.yaml` each document is a list of prompts, or of maps
 * such as `{prompt: …, backend: claude}`, or one of these; a `promptFile` is taken from the file's folder. In any other
 * file each line is a prompt, except blank ones and those that begin with `#`.
 *
 * @param path absolute
 * @param name the file's name in messages
 * @throws OrchError CONFIG_INVALID, with the line and the key; CONFIG_UNREADABLE
 */
export function readPrompts(path: string, name = basename(path)): readonly PromptTask[] {
  const file = readText(path, name, MAX_BYTES);
  const tasks = /\.ya?ml$/i.test(path)
    ? readDocuments(file).flatMap((document) => tasksIn(document, dirname(path)))
    : linesOf(file.text, name);
  if (tasks.length === 0)
    throw errors.configInvalid(`${name}:1:1`, 'there is no prompt in this file', 'put one on a line');
  return tasks;
}

function linesOf(lines: string, name: string): readonly PromptTask[] {
  return lines.split(/\r?\n/).flatMap((prompt, index): readonly PromptTask[] => {
    if (prompt.trim() === '' || prompt.startsWith('#')) return [];
    return [{ type: 'prompt', prompt, at: `${name}:${index + 1}:1`, options: NONE }];
  });
}

const NONE: ReadonlyMap<string, string> = new Map();

function tasksIn(document: Value, folder: string): readonly PromptTask[] {
  if (document.type === 'nothing') return [];
  const task = simplyOr(promptAlone, taskShape(folder));
  return document.type === 'list' ? listOf(task, 'prompts').read(document) : [task.read(document)];
}

/** No run accepts a blank prompt. */
const prompt = textLike(/[^\s\0]/, 'a text with the prompt');

const promptAlone: Shape<PromptTask> = {
  schema: prompt.schema,
  read: (value) => ({ type: 'prompt', prompt: prompt.read(value), at: value.at, options: NONE }),
};

const taskName = checked(
  textLike(/^[^\s\0-\x1f\x7f]{1,100}$/, 'up to 100 characters without blanks'),
  (name, value) => {
    const why = refusalOfName(name);
    if (why !== undefined) throw refuse(value, `'${name}' is not a name: ${why}`, 'such as fix-tests');
    return name;
  },
);

const keys = {
  prompt: optional(prompt, 'the prompt'),
  promptFile: optional(text, 'a file with the prompt'),
  command: optional(argv('[make, test]'), 'a program and its arguments, in place of an agent'),
  name: optional(taskName, 'the name of the task'),
  ...runFlagKeys,
};

function taskShape(folder: string): Shape<PromptTask> {
  const shape = object(keys);
  return {
    schema: shape.schema,
    read: (value) => {
      const { prompt: said, promptFile, command, name, ...flags } = shape.read(value);
      const options = new Map([...optionsIn(flags), ...(name === undefined ? [] : [['name', name] as const])]);
      const common = { at: value.at, options };
      const whats: PromptTask[] = [];
      if (said !== undefined) whats.push({ ...common, type: 'prompt', prompt: said });
      if (promptFile !== undefined)
        whats.push({ ...common, type: 'prompt-file', promptFile: resolve(folder, promptFile) });
      if (command !== undefined) whats.push({ ...common, type: 'command', argv: [command.program, ...command.args] });
      const [only, another] = whats;
      const fix = 'it must be one of prompt, promptFile and command';
      if (only === undefined) throw refuse(value, `${nameOf(value)} has no prompt`, fix);
      if (another !== undefined) throw refuse(value, `${nameOf(value)} has more than one prompt`, fix);
      return only;
    },
  };
}
