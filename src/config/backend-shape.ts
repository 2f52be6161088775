import { backends, type CustomBackend, PLACEHOLDERS, placeholdersIn, RESUME_PLACEHOLDERS } from '../backends/index.js';
import { parseDuration } from '../core/text/duration.js';
import { nearestWord } from '../core/text/nearest-word.js';
import { type Argv, argv } from './argv.js';
import {
  argument,
  checked,
  duration,
  line,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  regex,
  required,
  text,
} from './shapes.js';
import { nameOf, refuse, type Value, valueOf } from './value.js';

const patterns = listOf(regex, 'regular expressions, such as ["^All done"]');

/** One backend, without its name and its folder. */
const backend = checked(
  object({
    summary: optional(line, 'what it is, in a few words, for lists'),
    command: required(
      checked(argv('[mytool, --, "{prompt}"]'), commandSpelled),
      'the program and its arguments; in these, {prompt} is the prompt, unchanged, and {promptFile} a file with it',
    ),
    env: optional(
      mapOf(argument, { pattern: /^[A-Za-z_]\w*$/, expected: 'the name of a variable, such as MY_KEY' }),
      'variables it gets besides yours',
    ),
    prompt: optional(
      oneOf(['required', 'optional', 'none']),
      'whether it needs a prompt (default: it does when its arguments have a place for one)',
    ),
    install: optional(line, 'what to do where the program is missing'),
    done: optional(patterns, 'lines, as a person reads them, by which it says that it is done'),
    waiting: optional(patterns, 'lines that say that it waits for a person'),
    failed: optional(patterns, 'lines that say that it failed'),
    session: optional(patterns, 'lines whose last word is the id of its session, for orch resume'),
    resume: optional(
      checked(checked(argv('[mytool, --resume, "{session}", --, "{prompt}"]'), resumeSpelled), withSession),
      'the program and its arguments that go on with a session; in these, {session} is its id, besides {prompt} and {promptFile}',
    ),
    exitCodes: optional(
      mapOf(oneOf(['done', 'failed', 'unfinished', 'timeout']), {
        pattern: /^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/,
        expected: 'an exit code from 0 to 255',
      }),
      'the meaning of its exit codes (default: 0 is done, any other is failed)',
    ),
    idleTimeout: optional(duration, 'it is ended when it prints nothing for this long'),
    leave: optional(text, 'what to type when it has printed that it is done (default: nothing, it gets SIGTERM)'),
  }),
  (found, value): Omit<CustomBackend, 'name' | 'folder'> => {
    const { command, env, done, waiting, failed, exitCodes, idleTimeout, ...same } = found;
    checkPrompt(same.prompt, command.args, valueOf(value, 'prompt'));
    return {
      ...same,
      ...command,
      env: Object.fromEntries(env ?? []),
      patterns: { done, waiting, failed },
      exitCodes: exitCodes && new Map([...exitCodes].map(([code, outcome]) => [Number(code), outcome])),
      idleTimeoutMs: idleTimeout === undefined ? undefined : parseDuration(idleTimeout),
    };
  },
);

/** Backends by name; `command` is what manifests call a command behind `--`. */
export const backendMap = mapOf(backend, {
  pattern: /^[A-Za-z0-9][\w.-]{0,63}$/,
  expected: 'a name of letters, digits, dots and dashes',
  reserved: { names: [...backends.map(({ name }) => name), 'command'], by: 'a name that orch uses itself' },
});

function commandSpelled(found: Argv, value: Value): Argv {
  return withoutMisspelling(found, value, PLACEHOLDERS);
}

function resumeSpelled(found: Argv, value: Value): Argv {
  return withoutMisspelling(found, value, RESUME_PLACEHOLDERS);
}

/** Without it an agent would begin a new session. */
function withSession(found: Argv, value: Value): Argv {
  if (placeholdersIn(found.args, RESUME_PLACEHOLDERS).has('session')) return found;
  throw refuse(value, `${nameOf(value)} has no place for a session`, 'put {session} into an argument');
}

/** An argument such as `{promt}` would be handed over as it is, to an agent that then has no prompt. */
function withoutMisspelling({ program, args }: Argv, value: Value, known: readonly string[]): Argv {
  for (const [at, arg] of args.entries()) {
    for (const [all, word = ''] of arg.matchAll(/\{([\w-]{1,20})\}/g)) {
      const meant = nearestWord(word, known);
      const isKnown = known.includes(word);
      if (meant === undefined || isKnown) continue;
      const place = value.type === 'list' ? (value.items[at + 1] ?? value) : value;
      throw refuse(
        place,
        `${all} is not a placeholder`,
        `did you mean {${meant}}? Else use one of: ${known.map((name) => `{${name}}`).join(', ')}`,
      );
    }
  }
  return { program, args };
}

function checkPrompt(prompt: CustomBackend['prompt'], args: readonly string[], value: Value | undefined): void {
  if (
    prompt === undefined ||
    value === undefined ||
    (prompt !== 'none') === placeholdersIn(args, PLACEHOLDERS).size > 0
  )
    return;
  if (prompt === 'none')
    throw refuse(value, `${nameOf(value)} is none, but its command has a place for one`, 'leave one out');
  const fix = 'put {prompt} or {promptFile} into an argument of its command';
  throw refuse(value, `${nameOf(value)} is ${prompt}, but its command has no place for one`, fix);
}
