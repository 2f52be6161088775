import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const PAGE = fileURLToPath(new URL('../../dist/man/orch.1', import.meta.url));

describe('orch man', () => {
  test('down a pipe is plain text of 80 columns, with every option in it', async () => {
    const { code, stdout, stderr } = await runOrch(['man'], { env: { COLUMNS: '200' } });
    const text = stdout.toString();
    expect([code, stderr]).toEqual([0, '']);
    expect(text).toMatch(/^NAME\n {7}orch - run an AI coding agent/);
    expect(text).toContain('\n       -b, --backend <backend>\n');
    expect(text).toContain('\nEXIT STATUS\n');
    expect(text).toMatch(/\n {7}0 {6}success;/);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]|\\f|\\\(/);
    const prose = text.split('\n').filter((line) => /^ {14}\S/.test(line));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('--roff is the page as it is published', async () => {
    const { stdout } = await runOrch(['man', '--roff']);
    expect(stdout.toString()).toBe(readFileSync(PAGE, 'utf8'));
  });

  test('has the same words as groff makes of the page (skipped where it is not installed)', async (context) => {
    const groff = spawnSync('groff', ['-man', '-Tutf8', '-P-c', '-P-b', '-P-o', '-P-u', PAGE], { encoding: 'utf8' });
    context.skip(groff.error !== undefined, 'groff is not installed');
    const wordsOf = (text: string): string => text.replace(/‐|‑/g, '-').split(/\s+/).join(' ');
    const body = (text: string): string =>
      wordsOf(text.slice(text.indexOf('\nNAME') + 1)).replace(/ orch \S+ ORCH\(1\).*$/, '');
    const own = await runOrch(['man']);
    expect(body(`\n${own.stdout.toString()}`).trim()).toBe(
      body(groff.stdout)
        .replace(/ orch 0.*$/, '')
        .trim(),
    );
  });

  test('on a terminal is shown by man, from the file that came along', async () => {
    using folder = temporaryFolder();
    const man = 'if [ "$1" = -w ]; then echo "$2"; else echo "page $1"; fi';
    const PATH = fakeAgents(folder.path, { man });
    await using orch = openOrch(['man'], { env: { PATH } });
    await orch.waitFor(`page ${PAGE}`);
    expect(await orch.end()).toEqual({ code: 0 });
  });

  test.each([
    ['is a program that says that it was taken away', 'echo "This system has been minimized."'],
    ['fails', 'exit 16'],
    ['fails when it comes to it', 'if [ "$1" = -w ]; then echo "$2"; else exit 3; fi'],
    ['is not there', undefined],
  ])('on a terminal is shown by the pager where man %s', async (_, man) => {
    using folder = temporaryFolder();
    const pager = join(folder.path, 'pager');
    writeFileSync(pager, '#!/bin/sh\necho "paged: $(/usr/bin/head -c 4)"\n', { mode: 0o755 });
    fakeAgents(folder.path, man === undefined ? {} : { man });
    const bin = join(folder.path, 'bin');
    symlinkSync('/bin/sh', join(bin, 'sh'));
    await using orch = openOrch(['man'], { env: { PATH: bin, PAGER: pager } });
    await orch.waitFor('paged: NAME');
    expect(await orch.end()).toEqual({ code: 0 });
  });

  test('on a terminal without man and pager is the text', async () => {
    using folder = temporaryFolder();
    fakeAgents(folder.path, {});
    await using orch = openOrch(['man'], { env: { PATH: join(folder.path, 'bin') } });
    await orch.waitFor('NAME');
    await orch.waitFor('SEE ALSO');
    expect(await orch.end()).toEqual({ code: 0 });
  });
});
