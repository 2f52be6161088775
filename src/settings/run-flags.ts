import { DEFAULT_BACKEND } from '../backends/index.js';
import { DEFAULT_SYNC, SYNC_POLICIES } from '../core/log-limits.js';
import { DEFAULT_DETACH_KEYS, detachKeys } from './detach-keys.js';
import { folderFromVariables, sizeFromVariables } from './environment.js';
import { flag, listFlag, switchFlag } from './flag.js';
import {
  anyText,
  byteLimit,
  byteSize,
  cells,
  count,
  duration,
  factor,
  oneOf,
  pattern,
  taskName,
  textLine,
} from './value-kind.js';

/** Long enough for an agent to save its work, short enough that no one reaches for kill -9. */
export const KILL_AFTER_SECONDS = 10;
/** Enough for successful work, and a bound for a loop that never succeeds. */
export const MAX_ITERATIONS = 100;
/** An agent that fails this often in a row has a problem that a retry does not repair. */
const STOP_AFTER_FAILURES = 3;
/** Agents that run at the same time: enough to be worth it, few enough for a model server. */
const PARALLEL = 4;

/**
 * Every flag of `orch run`, in the order of its help. Help, the man page, completion, orch.yml with its schema, files of
 * prompts and RunSettings are made from it: a new flag is an entry here, and its use.
 */
export const runFlags = {
  backend: flag(anyText, {
    flags: '-b, --backend <backend>',
    description: `the agent; see orch backends (default: ${DEFAULT_BACKEND})`,
    config: 'the agent: one of orch backends',
  }),
  mode: flag(anyText, {
    flags: '--mode <mode>',
    description: 'one of its modes; see orch backends (default: by whether there is a terminal)',
    config: 'how the backend is run: one of its modes',
  }),
  ask: switchFlag({
    flags: '--ask',
    description: 'the agent asks before it changes or runs anything; without you it is refused',
    config: 'whether the agent asks before it changes or runs anything',
  }),
  output: flag(oneOf(['auto', 'raw', 'clean', 'none']), {
    flags: '-o, --output <mode>',
    description: 'what goes to stdout (auto: raw on a terminal, else clean)',
    config: 'what goes to stdout',
  }),
  quiet: switchFlag({ flags: '-q, --quiet', description: 'print nothing but errors: no output, no verdict' }),
  detach: switchFlag({
    flags: '-d, --detach',
    description: 'run it in the background, and print the id of its task: orch attach',
  }),
  detachKeys: flag(detachKeys, {
    flags: '--detach-keys <keys>',
    description: `on a terminal: the keys that leave it running (default: ${DEFAULT_DETACH_KEYS}); none: no keys`,
    default: detachKeys.read(DEFAULT_DETACH_KEYS, '--detach-keys'),
  }),
  /** What becomes of the agent when the terminal that it was started on hangs up. */
  onHangup: flag(oneOf(['detach', 'end']), {
    flags: '--on-hangup <action>',
    description: 'what to do when its window is closed: leave it running, or end it (default: detach)',
    config: 'what happens when the window that it was started in is closed',
    default: 'detach' as const,
  }),
  resume: flag(anyText, {
    flags: '--resume <id>',
    description: 'go on with the session of an agent that has ended: orch resume',
  }),
  name: flag(taskName, { flags: '--name <name>', description: 'the name of the task' }),
  dir: flag(anyText, {
    flags: '--dir <folder>',
    description: 'record in this folder (else ORCH_DIR, else the nearest .agent)',
    variables: folderFromVariables,
  }),
  size: flag(cells, {
    flags: '--size <COLSxROWS>',
    description: 'terminal size (default: yours, else COLUMNS and LINES, else 120x40)',
    config: 'the terminal size, columns and rows',
    variables: sizeFromVariables,
  }),
  /** How a run of the agent comes to its end. */
  ending: {
    /** From the first signal to SIGKILL, ms. */
    killAfterMs: flag(duration, {
      flags: '--kill-after <time>',
      description: `time between a signal and SIGKILL (default: ${KILL_AFTER_SECONDS}s)`,
      config: 'how long after a signal SIGKILL follows',
      default: KILL_AFTER_SECONDS * 1000,
    }),
    /** From the agent's exit, for background processes that still hold its terminal, ms. */
    lingerMs: flag(duration, {
      flags: '--linger <time>',
      description: 'at the end, wait this long for background processes (default: 0)',
      config: 'how long to wait for background processes at the end',
      default: 0,
    }),
  },
  log: {
    /** What happens to the agent when the log cannot be written: nothing, or SIGTERM. */
    onError: flag(oneOf(['continue', 'stop']), {
      flags: '--on-log-error <action>',
      description: 'what to do when the log cannot be written (default: continue)',
      config: 'what happens when the log cannot be written',
      default: 'continue',
    }),
    segmentBytes: flag(byteSize, {
      flags: '--segment-size <size>',
      description: 'seal a segment at this size, and begin another (default: 64MiB)',
      config: 'the size at which a segment of the log is sealed',
    }),
    maxBytes: flag(byteLimit, {
      flags: '--max-log-size <size>',
      description: 'remove the oldest segments beyond this, or none (default: 1GiB)',
      config: 'the size of a log on disk beyond which its oldest segments are removed',
    }),
    sync: flag(oneOf(SYNC_POLICIES), {
      flags: '--fsync <when>',
      description: `when to force the log to the disk; interval is once a second (default: ${DEFAULT_SYNC})`,
      config: 'when the log is forced to the disk',
      default: DEFAULT_SYNC,
    }),
  },
  redact: switchFlag({
    flags: '--redact',
    description: 'mask secrets of the environment and well-known tokens everywhere',
  }),
  redactPatterns: listFlag(pattern, {
    flags: '--redact-pattern <regex>',
    description: 'also mask what matches; may be given several times',
  }),
  /** `-` is stdin. */
  promptFile: flag(anyText, {
    flags: '--prompt-file <file>',
    description: 'read the prompt from this file; - is stdin',
  }),
  /** Settings of the loop that runs the agent more than once. */
  loop: {
    until: flag(textLine, {
      flags: '--until <line>',
      description: 'repeat until the agent prints this on a line of its own',
      config: 'repeat until the agent prints this on a line of its own',
    }),
    maxIterations: flag(count, {
      flags: '--max-iterations <n>',
      description: `end after n iterations, with exit 5 (default: 1; with --until ${MAX_ITERATIONS})`,
      config: 'how many iterations at most',
    }),
    stopAfterFailures: flag(count, {
      flags: '--stop-after-failures <n>',
      description: `end after n failed iterations in a row (default: ${STOP_AFTER_FAILURES})`,
      config: 'how many failed iterations in a row end the run',
      default: STOP_AFTER_FAILURES,
    }),
    delayMs: flag(duration, {
      flags: '--delay <time>',
      description: 'time between two iterations (default: 0)',
      config: 'how long to wait between two iterations',
      default: 0,
    }),
  },
  /** Time limits of one run of the agent, ms. */
  timeouts: {
    iterationMs: flag(duration, {
      flags: '--iteration-timeout <time>',
      description: 'end an iteration that takes longer; exit 124',
      config: 'an iteration that takes longer is ended',
    }),
    idleMs: flag(duration, {
      flags: '--idle-timeout <time>',
      description: 'end an iteration that prints nothing for this long; exit 124',
      config: 'an iteration that prints nothing for this long is ended',
    }),
  },
  /** A line for the shell. */
  notify: flag(anyText, {
    flags: '--notify <command>',
    description: 'run this shell command when the agent waits for you, and when it has ended',
  }),
  prompts: flag(anyText, {
    flags: '--prompts <file>',
    description: 'run many prompts: one a line, or a YAML list',
  }),
  parallel: flag(count, {
    flags: '--parallel <n>',
    description: `with --prompts: how many at a time (default: ${PARALLEL})`,
    default: PARALLEL,
  }),
  /** For the demo: the factor of its speed. */
  speed: flag(factor, {
    flags: '--speed <factor>',
    description: 'speed of the demo; 0 waits for nothing (default: 1)',
  }),
};
