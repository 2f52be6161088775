import { type Backend, backends } from '../../backends/index.js';
import { loadConfig } from '../../config/load-config.js';
import { definedOnly } from '../../core/process/environment.js';
import { OrchError } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printable, printableJson } from '../../core/text/printable.js';
import { execFile } from '../../core/process/spawn.js';
import { resolveCommand } from '../../pty/process/resolve-command.js';
import type { Paint } from '../../view/print/colour.js';
import { type Column, tableLines } from '../../view/tasks/table.js';
import { colourOption, paintFor } from '../options/colour-choice.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';

export const backendsCommand: Command = {
  name: 'backends',
  summary: 'list the agents orch knows, and which are installed',
  usage: '[options]',
  operands: { min: 0, max: 0 },
  options: [{ flags: '--json', description: 'print a JSON array' }, colourOption],
  examples: [
    { line: 'orch backends', does: 'what is installed, and how to install the rest' },
    { line: 'orch backends --json', does: 'the same for programs, paths included' },
  ],
  run: listBackends,
};

/** Longer than any of them takes to say its version; one that hangs is listed without. */
const VERSION_MS = 5000;

/** A backend as it is on this machine. */
interface FoundBackend {
  readonly name: string;
  readonly summary: string;
  readonly modes: readonly { readonly name: string; readonly summary: string }[];
  readonly found: boolean;
  /** Where its program is, and what that says of its version; null where it has none, or did not say. */
  readonly path: string | null;
  readonly version: string | null;
  /** The orch.yml that describes it, as seen from here; null where it is orch's own. */
  readonly file: string | null;
  /** The problem, and its fix; null where there is none. */
  readonly problem: string | null;
  readonly fix: string | null;
}

async function listBackends(line: ParsedLine, context: CliContext): Promise<number> {
  const { backends: custom, file = null } = await loadConfig(context.cwd);
  const found = await Promise.all([
    ...backends.map((backend) => lookFor(backend, null, context)),
    ...custom.map((backend) => lookFor(backend, file, context)),
  ]);
  const text = line.options.has('json')
    ? `${printableJson(found)}\n`
    : table(found, { columns: context.stdout.columns, paint: paintFor(line, context) });
  await context.stdout.write(text);
  return ExitCode.ok;
}

async function lookFor(backend: Backend, file: string | null, { env, cwd }: CliContext): Promise<FoundBackend> {
  const { name, summary, program, install } = backend;
  const modes = backend.modes.map((mode) => ({ name: mode.name, summary: mode.summary }));
  const known = { name, summary, modes, file };
  if (program === undefined) return { ...known, found: true, path: null, version: null, problem: null, fix: null };
  const variables = definedOnly(env);
  try {
    const path = resolveCommand({ command: program, args: [], env: variables, cwd }, install);
    // A user's own program may do anything when it is asked for a version.
    const version = file === null ? await versionOf(path, variables) : null;
    return { ...known, found: true, path, version, problem: null, fix: null };
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    return { ...known, found: false, path: null, version: null, problem: error.message, fix: error.fix ?? null };
  }
}

/** The first thing that looks like a version in what `--version` prints. */
async function versionOf(path: string, env: Readonly<Record<string, string>>): Promise<string | null> {
  const printed = await new Promise<string>((resolve) => {
    const child = execFile(path, ['--version'], { env, timeout: VERSION_MS, killSignal: 'SIGKILL' }, (_, stdout) => {
      resolve(stdout);
    });
    child.stdin?.end();
  });
  return /\d+\.\d+[\w.+-]*/.exec(printed)?.[0] ?? null;
}

function table(
  found: readonly FoundBackend[],
  options: { readonly columns: number | undefined; readonly paint: Paint },
): string {
  const columns: readonly Column<FoundBackend>[] = [
    { title: 'BACKEND', cell: ({ name }) => name },
    {
      title: 'VERSION',
      cell: (backend) =>
        backend.found
          ? options.paint('good', printable(backend.version ?? withoutVersion(backend)))
          : options.paint('doubtful', 'missing'),
    },
    { title: 'MODES', cell: ({ modes }) => modes.map(({ name }) => name).join(', ') },
    {
      title: 'WHAT',
      cell: ({ summary, path, file, fix }) => {
        const what = fix ?? (path === null ? summary : `${summary}, ${path}`);
        return printable(file === null ? what : `${what}, ${file}`);
      },
    },
  ];
  return tableLines(found, columns, options)
    .map((text) => `${text}\n`)
    .join('');
}

function withoutVersion({ path, file }: FoundBackend): string {
  return path === null ? 'built in' : file === null ? 'unknown' : 'found';
}
