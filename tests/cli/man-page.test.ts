import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../src/cli/options/command.js';
import { commandTable } from '../../src/cli/command-table.js';
import { manPage, roff } from '../../src/cli/man/man-page.js';
import { ExitCode } from '../../src/core/exit-status.js';
import { orchVersion } from '../../src/core/version.js';
import { testEnvironment } from '../fixtures/environment.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let commands: readonly Command[];
let page: string;
beforeAll(async () => {
  commands = await Promise.all(commandTable.map(({ load }) => load()));
  page = manPage(commands, orchVersion());
});

test('it has every environment variable that orch looks at, and every exit code', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = sources.map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'));
  const variables = texts.flatMap((text) => [...text.matchAll(/\benv\['([A-Z_]+)'\]/g)].map(([, name]) => name));
  expect(variables.length).toBeGreaterThan(10);
  for (const variable of variables) expect(sectionOf(page, 'ENVIRONMENT')).toContain(variable);
  for (const code of Object.values(ExitCode)) expect(sectionOf(page, 'EXIT STATUS')).toContain(`\\fB${code}\\fR`);
});

test('what is not text to roff is spelt out', () => {
  expect(roff(".TH 'x' -\\n\n.x")).toBe('\\&.TH \\(aqx\\(aq \\-\\(rsn .x');
  expect(roff('… 你 😀')).toBe('\\[u2026] \\[u4F60] \\[u1F600]');
  for (const line of page.split('\n'))
    expect(line).toMatch(/^(?:|\.(?:TH|SH|SS|TP|PP|RS|RE|nf|fi|nh|ad)(?: .*)?|[^.'].*)$/);
});

describe('read with groff (skipped where it is not installed)', () => {
  const missing = spawnSync('groff', ['--version']).status !== 0;

  test.skipIf(missing)('it has nothing that groff warns of', () => {
    const { status, stdout, stderr } = groff(page, ['-ww', '-z']);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.skipIf(missing)('it shows every flag and every example of every command as its help does', () => {
    const shown = groff(page, ['-rLL=200n']).stdout;
    for (const { name, options, examples } of commands) {
      const own = shown.slice(shown.indexOf(`\n   orch ${name}\n`));
      for (const { flags, description } of options)
        expect(own).toMatch(new RegExp(`\n {7}${escape(flags)}\\s+${escape(description)}`));
      for (const { line, does } of examples) expect(own).toMatch(new RegExp(`${escape(line)}\\s+${escape(does)}\n`));
    }
  });

  test.skipIf(missing)('any text comes out as it went in', () => {
    const texts = ['.SH no', "'br", '\\fBnot bold\\fR', '--a-flag ~/^`x`', '"quoted"', '…—é', "it's", '\\', '%$&*(#'];
    const { stdout, stderr } = groff(`.TH X 1\n.SH X\n${texts.map((text) => `.PP\n${roff(text)}\n`).join('')}`, [
      '-ww',
    ]);
    expect(stderr).toBe('');
    const lines = stdout.split('\n').flatMap((line) => (/^ {7}\S/.test(line) ? [line.trim()] : []));
    expect(lines).toEqual(texts);
  });

  test.skipIf(missing || !existsSync('/usr/bin/man'))('man itself warns of nothing', () => {
    const { stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-'], {
      input: page,
      env: testEnvironment({ MANROFFSEQ: '' }),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });
});

function groff(input: string, args: readonly string[]) {
  // Plain text: no escape sequences, no overstriking, and a dash for a dash.
  const plain = ['-man', '-Tutf8', '-P-c', '-P-b', '-P-o', '-P-u'];
  return spawnSync('groff', [...plain, ...args], { input, encoding: 'utf8', env: testEnvironment() });
}

function sectionOf(text: string, title: string): string {
  const from = text.indexOf(`\n.SH ${title}\n`);
  return text.slice(from, text.indexOf('\n.SH ', from + 1));
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
