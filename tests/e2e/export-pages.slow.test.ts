import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageData } from '../../src/page/page-data.js';
import { noChromium, openChromium } from '../fixtures/chromium.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type Timed, writeTimedTask } from '../fixtures/timed-task.js';

const SESSION: readonly Timed[] = [
  [0, 'first words\r\n'],
  [1000, '\x1b[32mgreen\x1b[0m apples\r\n'],
  [5000, 'Working 1\r'],
  [6000, 'Working 2\r'],
  [20_000, '\x1b[Kapples are eaten\r\n'],
  [30_000, '\r\nlast 日本 words'],
];

describe.skipIf(noChromium !== '')(`pages in a browser${noChromium === '' ? '' : `: ${noChromium}`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test('html has all of it: it plays, pauses, seeks and searches, and its text is copied as it is', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const { page, wrong } = await openExport(browser, folder.path, 'html');

    expect(await texts(page)).toEqual(['first words', 'green apples', 'apples are eaten', '', 'last 日本 words']);

    await page.keyboard.press('Space');
    await page.locator('.now', { hasText: 'green apples' }).waitFor();
    await page.keyboard.press('Space');
    await page.locator('.ap-term-text', { hasText: 'green apples' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('.ap-term-text', { hasText: 'Working' }).waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('APPLES');
    expect(await page.locator('#count').textContent()).toBe('2 found');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await page.locator('#count').textContent()).toBe('2 of 2');
    await page.locator('.ap-term-text', { hasText: 'apples are eaten' }).waitFor();
    expect(await page.locator('.now span').textContent()).toBe('apples are eaten');
    await page.keyboard.press('Escape');

    await page.locator('#lines button', { hasText: '0:30' }).last().click();
    await page.locator('.ap-term-text', { hasText: 'last 日本 words' }).waitFor();

    expect(await copied(page, '#lines')).toBe('first words\ngreen apples\napples are eaten\n\nlast 日本 words');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('nothing an agent prints becomes markup, a script or another line', async () => {
    using folder = temporaryFolder();
    const bits = [
      '</script>',
      '<img src=x onerror="alert(1)">',
      '<!--',
      ']]>',
      '&#x41;',
      '&lt;',
      '\u202e',
      '"\'`${a}',
      '\u2028',
      '日',
      'a',
    ];
    const hostile = fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ unit: 'grapheme', maxLength: 8 })), {
      maxLength: 6,
    });
    const lines = fc.sample(hostile, { numRuns: 300, seed: 7 }).map((some) => some.join('').replace(/\p{Cc}/gu, ''));
    const output = `${[...lines, '<b>'.repeat(3000)].join('\r\n')}\0\xff\r\n`;
    writeTimedTask(folder.path, [[10, output]]);
    const title = '</title><script>document.title = "gone"</script>';
    const { page, wrong } = await openExport(browser, folder.path, 'html', '--title', title);
    const text = await runOrch(['export', '--dir', folder.path, '-f', 'text']);

    expect(await texts(page)).toEqual(text.stdout.toString().split('\n').slice(0, -1));
    expect(await page.title()).toBe(title);
    const found = await page.evaluate(`({
      inLines: [...new Set(Array.from(document.querySelectorAll('#lines *'), ({ tagName }) => tagName))].sort(),
      scripts: Array.from(document.scripts, ({ type }) => type),
      images: document.images.length,
    })`);
    expect(found).toEqual({
      inLines: ['BUTTON', 'DIV', 'SPAN'],
      scripts: ['application/gzip', 'application/gzip', 'text/plain', 'module'],
      images: 0,
    });
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('what leads somewhere in the recording leads there in the text, which is searched and copied as before', async () => {
    using folder = temporaryFolder();
    const link = (uri: string, label: string): string => `\x1b]8;;${uri}\x1b\\${label}\x1b]8;;\x1b\\`;
    const output = `see ${link('https://docs.test/a?b=1&c=2', 'the page')} or ${link('mailto:me@docs.test', 'write')}\r\n`;
    writeTimedTask(folder.path, [
      [0, output],
      [1000, `not ${link('javascript:alert(1)', 'this')}, ${link('file:///etc', 'nor that')}\r\nplain\r\n`],
    ]);
    const { page, wrong } = await openExport(browser, folder.path, 'html');
    expect(await texts(page)).toEqual(['see the page or write', 'not this, nor that', 'plain']);
    const links = await page.evaluate(
      `Array.from(document.querySelectorAll('#lines a'), (a) => [a.textContent, a.href, a.rel])`,
    );
    expect(links).toEqual([
      ['the page', 'https://docs.test/a?b=1&c=2', 'noreferrer'],
      ['write', 'mailto:me@docs.test', 'noreferrer'],
    ]);
    await page.keyboard.press('/');
    await page.keyboard.type('page or wr');
    expect(await page.locator('#count').textContent()).toBe('1 found');
    const marked = await page.evaluate(`Array.from(CSS.highlights.get('found'), (range) => range.toString())`);
    expect(marked).toEqual(['page or wr']);
    expect(await copied(page, '#lines')).toBe('see the page or write\nnot this, nor that\nplain');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('an hour of a spinner is a page of less than 5 MB', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, hourOfWork());
    const { page, file, wrong } = await openExport(browser, folder.path, 'html');
    expect(statSync(file).size).toBeLessThan(5e6);
    expect((await texts(page)).filter((text) => text.startsWith('Step '))).toHaveLength(3600);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each(['asciicast-v2', 'asciicast-v3'])(
    'the asciinema player shows what orch shows at the end of %s',
    async (format) => {
      using folder = temporaryFolder();
      await runOrch(['run', '--dir', folder.path, '-q', '--size', '80x24', '-b', 'demo', '--speed', '20']);
      const cast = await runOrch(['export', '--dir', folder.path, '-f', format]);
      const screen = await runOrch(['logs', 'latest', '--dir', folder.path, '--screen', '--no-ansi', '--backend']);
      const page = await browser.newPage();
      await page.setContent('<div id="player" style="width: 1000px"></div>');
      await page.addScriptTag({ path: 'node_modules/asciinema-player/dist/bundle/asciinema-player.min.js' });
      await page.evaluate(`(async () => {
      const data = ${JSON.stringify(cast.stdout.toString())};
      const player = AsciinemaPlayer.create({ data }, document.getElementById('player'));
      await player.seek('100%');
    })()`);
      await page.locator('.ap-term-text', { hasText: 'LOOP_COMPLETE' }).waitFor();
      const shown = await page.locator('.ap-line').allTextContents();
      expect(lettersOf(shown)).toEqual(lettersOf(screen.stdout.toString().split('\n')));
      await page.close();
    },
  );

  test('cast-player is the player with the recording, and asks for nothing', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const { page, wrong } = await openExport(browser, folder.path, 'cast-player');
    await page.locator('.ap-term-text', { hasText: 'first words' }).waitFor();
    await page.locator('.ap-wrapper').press('9');
    await page.locator('.ap-term-text', { hasText: 'apples are eaten' }).waitFor();
    expect(wrong).toEqual([]);
    await page.close();
  });
});

test('a page says what may run in it, and carries the licences of what it brings', async () => {
  using folder = temporaryFolder();
  writeTimedTask(folder.path, SESSION);
  for (const format of ['html', 'cast-player']) {
    const { stdout } = await runOrch(['export', '--dir', folder.path, '-f', format]);
    const page = stdout.toString();
    expect(page).toContain("default-src 'none'; script-src 'sha256-");
    expect(page).toContain('Apache License');
    expect(page).toContain('Ryan Carniato');
  }
});

test('a page knows when each line was there, where its bytes are, and where iterations began', async () => {
  using folder = temporaryFolder();
  const begun = [0, 13].map((offset, at) => ({ type: 'iteration.start', iteration: at + 1, offset }) as const);
  const { path } = writeTimedTask(folder.path, SESSION, begun);
  const dataOf = async (...flags: readonly string[]): Promise<PageData> => {
    const { stdout } = await runOrch(['export', '--dir', folder.path, '-f', 'html', ...flags]);
    const packed = /id="data">([^<]*)</.exec(stdout.toString())?.[1] ?? '';
    return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as PageData;
  };
  const log = readFileSync(join(path, 'backend.log'));
  const { lines, chapters } = await dataOf();
  expect(chapters).toEqual([
    { ms: 0, name: 'Iteration 1' },
    { ms: 1000, name: 'Iteration 2' },
  ]);
  for (const [, offset, text] of lines) {
    expect(log.subarray(offset).toString()).toContain(text.split(' ').at(-1));
  }
  expect(lines.map(([ms, , text]) => [ms, text])).toEqual([
    [0, 'first words'],
    [1000, 'green apples'],
    [20_000, 'apples are eaten'],
    [30_000, ''],
    [30_000, 'last 日本 words'],
  ]);

  const later = await dataOf('--from', '19', '--idle-limit', '2');
  const from = log.indexOf('Working 2') + 'Working 2\r'.length;
  expect(later.lines.slice(0, 3)).toEqual([
    [0, from, 'first words'],
    [0, from, 'green apples'],
    [1000, from, 'apples are eaten'],
  ]);
  expect(later.lines.at(-1)?.[0]).toBe(3000);
});

/** Exports the newest task and opens the file; `wrong` fills with what the page was refused or failed at. */
async function openExport(
  browser: Browser,
  agentDir: string,
  format: string,
  ...flags: readonly string[]
): Promise<{ readonly page: Page; readonly file: string; readonly wrong: string[] }> {
  const file = join(agentDir, `${format}.html`);
  const { code, stderr } = await runOrch(['export', '--dir', agentDir, '-f', format, '-o', file, ...flags]);
  expect(code, stderr).toBe(0);
  const page = await browser.newPage({ viewport: { width: 1400, height: 800 } });
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href && !request.url().startsWith('data:')) wrong.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.ap-term-text').waitFor();
  return { page, file, wrong };
}

/** The text of the page line by line, when all of it is there. */
async function texts(page: Page): Promise<readonly string[]> {
  await page.locator('#lines[data-made=all]').waitFor();
  return page.locator('#lines span').allTextContents();
}

/** What is in the clipboard after all of an element was marked and copied with the keyboard. */
async function copied(page: Page, selector: string): Promise<string> {
  await page.evaluate(`getSelection().selectAllChildren(document.querySelector('${selector}'))`);
  await page.keyboard.press('Control+C');
  await page.evaluate(`
    const area = document.createElement('textarea');
    area.id = 'pasted';
    document.body.append(area);
    area.focus();
  `);
  await page.keyboard.press('Control+V');
  return page.locator('#pasted').inputValue();
}

/** Ten turns of a spinner a second, and a line. */
function hourOfWork(): readonly Timed[] {
  const signs = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
  return Array.from({ length: 3600 }).flatMap((_, second): Timed[] => [
    ...signs.map(
      (sign, at): Timed => [
        second * 1000 + at * 100,
        `\r\x1b[2K\x1b[36m${sign}\x1b[0m Working… (${second}s · ↑ ${(second * 37) % 1000} tokens · esc to interrupt)`,
      ],
    ),
    [
      second * 1000 + 999,
      `\r\x1b[2KStep ${second}: read ${(second * 7919) % 10_007} files of src/part-${second % 97}\r\n`,
    ],
  ]);
}

/** Without what the player draws instead of writing it. */
function lettersOf(lines: readonly string[]): readonly string[] {
  const texts = lines.map((line) => line.replace(/[\u2500-\u259f\u25a0-\u25ff\u23bf]/g, ' ').trimEnd());
  return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
}
