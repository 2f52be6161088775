import { STATUS_FILE, type ReportedState } from '../core/agent-state.js';
import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';
import { drawn } from './drawn.js';

/** What it may do without asking; its own *auto* mode would ignore a list of tools. */
function permissions({ ask }: InvocationOptions): readonly string[] {
  return ask === true
    ? ['--permission-mode', 'manual']
    : ['--permission-mode', 'acceptEdits', '--allowedTools', 'Edit,Write,Bash,Read,Glob,Grep'];
}

/**
 * Its own interface, on the normal screen: of the alternate one nothing is left to scroll back to when it ends, and of a
 * long answer only the last screen could be read.
 */
const NORMAL_SCREEN = { CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN: '1' };

/** Events as JSON lines with streamed text, which agent-stream.ts draws. */
const EVENTS = ['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'];

/** Settings with hooks that run these commands; one at the start of a session appends its id to the task's status file. */
function hooks(commands: Readonly<Record<string, string>>): string {
  const entries = Object.entries({ SessionStart: `${SESSION_LINE} ${APPENDED}`, ...commands }).map(
    ([hook, command]) => [hook, [{ hooks: [{ type: 'command', command }] }]] as const,
  );
  return JSON.stringify({ hooks: Object.fromEntries(entries) });
}

/** A command that appends a status to the task's status file. */
function telling(report: Omit<ReportedState, 'source'>): string {
  return `cat >/dev/null; echo '${JSON.stringify(report)}' ${APPENDED}`;
}

const APPENDED = `>>"$ORCH_TASK_DIR/${STATUS_FILE}"`;

/** Of the JSON object that a hook gets, on one line, with a line end or without. */
const SESSION_LINE = String.raw`(cat; echo) | sed -n 's/.*"session_id" *: *"\([A-Za-z0-9-]*\)".*/{"session":"\1"}/p'`;

/** Likewise, with the name of the tool where there is one. */
const DENIAL_LINE = String.raw`(cat; echo) | sed -n -e '1!d' -e 's/.*"tool_name" *: *"\([A-Za-z0-9_-]*\)".*/{"status":"failed","reason":"permission denied: \1"}/p;t' -e 's/.*/{"status":"failed","reason":"permission denied"}/p'`;

const TURN_HOOKS = hooks({ Stop: telling({ status: 'idle' }), StopFailure: telling({ status: 'failed' }) });

/** In an unattended run a permission request is refused, which only this hook reports. */
const REFUSAL_HOOKS = hooks({ PermissionRequest: `${DENIAL_LINE} ${APPENDED}` });

/** `session`: the one that it goes on with. */
function native(prompt: string | undefined, options: InvocationOptions, session?: string): Invocation {
  const claude = { file: 'claude', env: NORMAL_SCREEN };
  const args = ['--settings', TURN_HOOKS, ...permissions(options), ...resuming(session)];
  if (prompt === undefined) return { ...claude, args };
  // It takes its first prompt from a file, too, and its keys from the terminal all the same.
  return fitsArgument(prompt) ? { ...claude, args: [...args, '--', prompt] } : { ...claude, args, stdin: 'prompt' };
}

function stream(prompt: string, options: InvocationOptions, session?: string): Invocation {
  const args = [...EVENTS, ...permissions(options), ...resuming(session)];
  return drawn({ agent: 'claude', args, saying: (words) => ['--', words] }, prompt, options);
}

function print(prompt: string, options: InvocationOptions, session?: string): Invocation {
  const args = ['-p', '--settings', REFUSAL_HOOKS, ...permissions(options), ...resuming(session)];
  return fitsArgument(prompt)
    ? { file: 'claude', args: [...args, '--', prompt] }
    : { file: 'claude', args, stdin: 'prompt' };
}

function resuming(session: string | undefined): readonly string[] {
  return session === undefined ? [] : ['--resume', session];
}

/** Claude Code. `--` keeps a prompt such as `- [ ] mend it` from being read as a flag. */
export const claude: Backend = {
  name: 'claude',
  summary: 'Claude Code',
  program: 'claude',
  prompt: 'required',
  install: 'install Claude Code: npm install -g @anthropic-ai/claude-code',
  modes: [
    {
      name: 'native',
      summary: 'its own interface, interactive',
      suits: 'attached',
      asks: true,
      invoke: (prompt, options) => native(prompt, options),
      resume: (session, prompt, options) => native(prompt, options, session),
      // At the first key a menu opens; the second takes what it proposes.
      behaviour: { reports: true, leave: ['\x04\x04', '/exit', '\r'] },
    },
    {
      name: 'stream',
      summary: 'its progress, as it happens; the exit code says how it ended',
      suits: 'unattended',
      asks: true,
      invoke: (prompt, options) => stream(prompt, options),
      resume: (session, prompt, options) => (prompt === undefined ? undefined : stream(prompt, options, session)),
      behaviour: { drawsStatus: true },
    },
    {
      name: 'print',
      summary: 'only its answer, at the end',
      asks: true,
      invoke: (prompt, options) => print(prompt, options),
      resume: (session, prompt, options) => (prompt === undefined ? undefined : print(prompt, options, session)),
      // Its exit code is 0 when SIGINT ended it.
      behaviour: { patterns: { failed: [/^(?:\^C)?Execution error$/] } },
    },
  ],
};
