import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { backends } from '../../src/backends/index.js';
import { exitMeanings, ENVIRONMENT } from '../../src/cli/man/man-page.js';
import type { Command, OptionSpec } from '../../src/cli/options/command.js';
import { sentence } from '../../src/cli/options/parse-with-errors.js';
import { configSchema } from '../../src/config/config-shape.js';
import { exportFormats } from '../../src/view/export/formats/export-formats.js';
import { KEYS } from '../../src/view/replay/help.js';
import { performanceRows } from '../bench/report.js';
import { readRunRecord } from '../bench/run-record.js';
import { targets } from '../bench/targets.js';

/** The command reference, from what the help of each command is made of. */
export function commandsPage(commands: readonly Command[]): string {
  return [
    '# Commands and flags',
    '',
    '<!-- Made by npm run docs from the tables of commands, as the help and the man page are. -->',
    '',
    'TASK is the id of a task, the beginning of an id, a name given with `--name`, or `latest`. FILE may be `-` for standard input.',
    'After `--` nothing is a flag. Every command has `--help`.',
    '',
    ...table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [`[orch ${name}](#orch-${name})`, escaped(summary)]),
    ),
    ...commands.flatMap(section),
    '',
    '## Environment',
    '',
    ...table(
      ['variable', 'meaning'],
      ENVIRONMENT.map(([names, meaning]) => [names.split(', ').map(code).join(', '), escaped(meaning)]),
    ),
    '',
  ].join('\n');
}

/** The page with what stands between `<!-- generated: NAME -->` and `<!-- end -->` made again. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- generated: (.*?) -->\n)[^]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const lines = TABLES[name]?.();
      if (lines === undefined) throw new Error(`There is no generated table ${name}`);
      return [begin, ...lines, '', end].join('\n');
    },
  );
}

const TABLES: Readonly<Record<string, () => readonly string[]>> = {
  backends: () =>
    table(
      ['backend', '`--mode`', 'taken', 'what it runs', 'install'],
      backends.flatMap(({ name, modes, install }) =>
        modes.map((mode, at) => [
          at === 0 ? code(name) : '',
          code(mode.name),
          WHEN[mode.suits ?? 'named'],
          escaped(mode.summary),
          at === 0 && install !== undefined ? code(install.replace(/^.*?: /, '')) : '',
        ]),
      ),
    ),
  defaults: () => {
    const { properties } = configSchema() as unknown as Schema;
    return table(
      ['key', 'meaning'],
      Object.entries(properties).flatMap(([key, { description, properties: inner, additionalProperties: each }]) => [
        [code(key), escaped(description)],
        ...rowsOf(`${key}.`, inner),
        ...(typeof each === 'object' ? rowsOf(`${key}.NAME.`, each.properties) : []),
      ]),
    );
  },
  'exit codes': () =>
    table(
      ['code', 'meaning'],
      exitMeanings().map(([number, meaning]) => [number, escaped(meaning)]),
    ),
  formats: () =>
    table(
      ['`--format`', 'file ending', 'what it is'],
      exportFormats.map(({ name, endings, description }) => [
        code(name),
        endings.map((ending) => code(`.${ending}`)).join(', '),
        escaped(description),
      ]),
    ),
  keys: () =>
    table(
      ['key', 'what it does'],
      KEYS.map(([keys, does]) => [keys.split('  ').map(code).join(' '), escaped(does)]),
    ),
  performance: () => {
    const [heads = [], ...rows] = performanceRows(
      targets,
      existsSync(PERFORMANCE) ? readRunRecord(PERFORMANCE) : undefined,
    );
    return table(
      heads,
      rows.map((cells) => cells.map(escaped)),
    );
  },
};

/** A run of the bench that was kept. */
const PERFORMANCE = fileURLToPath(new URL('../../docs/performance.json', import.meta.url));

function rowsOf(prefix: string, properties: Partial<Schema>['properties'] = {}): string[][] {
  return Object.entries(properties).map(([name, { description }]) => [code(prefix + name), escaped(description)]);
}

/** What of a JSON schema is shown. */
interface Schema {
  readonly properties: Readonly<
    Record<
      string,
      Partial<Schema> & { readonly description: string; readonly additionalProperties?: false | Partial<Schema> }
    >
  >;
}

const WHEN = {
  attached: 'in a terminal',
  unattended: 'without a terminal',
  both: 'by default',
  named: 'when named',
};

function section({ name, summary, usage, options, examples }: Command): string[] {
  return [
    '',
    `## orch ${name}`,
    '',
    sentence(summary),
    '',
    '```text',
    ...usage.split(' | ').map((form) => `orch ${name} ${form}`),
    '```',
    ...(options.length === 0 ? [] : ['', ...table(['flag', 'what it does'], options.map(row))]),
    '',
    'Examples:',
    '',
    ...table(
      ['line', 'what it does'],
      examples.map(({ line, does }) => [code(escaped(line)), escaped(does)]),
    ),
  ];
}

function row({ flags, description, choices }: OptionSpec): string[] {
  const oneOf = choices === undefined ? '' : `; one of ${choices.map(code).join(', ')}`;
  return [code(flags), escaped(description) + oneOf];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((cells) => (cells[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A bar would begin a cell, an angle bracket a tag. */
function escaped(text: string): string {
  return text.replace(/[|]/g, '\\|').replace(/</g, '&lt;');
}
