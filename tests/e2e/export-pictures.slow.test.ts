import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noChromium, openChromium } from '../fixtures/chromium.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type Timed, writeTimedTask } from '../fixtures/timed-task.js';
import { readXml } from '../fixtures/xml.js';

const SESSION: readonly Timed[] = [
  [0, '\x1b[?25l\x1b[1mBuild\x1b[0m of everything\r\n'],
  [1000, 'compiling  10 %\r'],
  [2000, 'compiling  55 %\r'],
  [3000, 'compiling 100 %\r\n\x1b[31mdone\x1b[0m <ok> & well'],
  [9000, '\x1b[2J\x1b[Hnothing but this'],
];

describe('pictures', () => {
  test('the one in the README is well-formed, and of what orch prints now', async () => {
    using folder = temporaryFolder();
    const { text } = readXml(readFileSync('docs/session.svg', 'utf8'));
    await runOrch(['run', '--dir', folder.path, '-q', '--size', '80x24', '-b', 'demo', '--speed', '0']);
    const said = await runOrch(['logs', '--dir', folder.path, '--backend', '--no-ansi', '-o', 'cat']);
    const words = said.stdout.toString().match(/[A-Za-z]{4,}/g) ?? [];
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
    const verified = await runOrch(['verify', '--dir', folder.path]);
    const checks = Array.from(verified.stdout.toString().matchAll(/^ok +([a-z0-9]+:)/gm), ([, name = '']) => name);
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter((name) => !text.includes(name))).toEqual([]);
  });

  test('are refused where they would be nonsense, and then there is no file', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const refused = async (...flags: readonly string[]): Promise<string> => {
      const { code, stderr } = await runOrch(['export', '--dir', folder.path, ...flags]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('-f', 'gif', '--at', '3')).toBe(
      'orch: --at needs a still picture, which gif is not — give --format svg or png\n',
    );
    expect(await refused('-f', 'svg', '--at', '3', '--to', '9')).toBe(
      'orch: --at and --to exclude each other — leave one out\n',
    );
  });

  test('of what moves too long are refused with what to do', async () => {
    using folder = temporaryFolder();
    writeTimedTask(
      folder.path,
      Array.from({ length: 4000 }, (_, at) => [at * 150, `\r${at}`] as const),
    );
    const { code, stdout, stderr } = await runOrch(['export', '--dir', folder.path, '-f', 'svg']);
    expect([code, stdout.length]).toEqual([2, 0]);
    expect(stderr).toBe(
      'orch: svg holds 3000 pictures, and there are more after 450 seconds — export less with --from and --to, or shorten pauses with --idle-limit\n',
    );
  });

  test('svg --at is a still of that moment', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const { stdout } = await runOrch(['export', '--dir', folder.path, '-f', 'svg', '--at', '4', '--title', '<a & b>']);
    const { text } = readXml(stdout.toString());
    expect(text).toContain('<ok> & well');
    expect(text).toContain('<a & b>');
    expect(stdout.toString()).not.toContain('animation');
  });
});

describe.skipIf(noChromium !== '')(`pictures in a browser${noChromium === '' ? '' : `: ${noChromium}`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test('an svg shows at every moment what orch shows there, and at rest the end', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const file = join(folder.path, 'session.svg');
    expect((await runOrch(['export', '--dir', folder.path, '-o', file])).code).toBe(0);
    const page = await browser.newPage({ viewport: { width: 700, height: 440 } });
    await page.goto(pathToFileURL(file).href);
    // What is in its window, from the top: text that is drawn elsewhere is not to be seen.
    const seenAt = (ms: number): Promise<unknown> =>
      page.evaluate(`(() => {
        for (const animation of document.getAnimations()) {
          animation.pause();
          animation.currentTime = ${ms};
        }
        return Array.from(document.querySelectorAll('svg > g > svg')).flatMap((window) => {
          const box = window.getBoundingClientRect();
          const top = 12 + Number(window.getAttribute('y'));
          const rows = Array.from(window.querySelectorAll('use')).filter((row) => {
            const { y, height } = row.getBoundingClientRect();
            return y + height / 2 > top && y + height / 2 < top + 17;
          });
          return rows.map((row) => document.querySelector(row.getAttribute('href')).textContent).join('') || [];
        });
      })()`);
    for (const [second, ms] of [
      [0.5, 500],
      [1.5, 1500],
      [2.5, 2500],
      [5, 5000],
      [9, 9000],
      [9, 11_900],
    ] as const) {
      const screen = await runOrch([
        'logs',
        '--dir',
        folder.path,
        '--screen',
        '--at',
        `${second}s`,
        '--no-ansi',
        '--backend',
      ]);
      const lines = screen.stdout
        .toString()
        .split('\n')
        .filter((line) => line !== '');
      // Runs of another style are texts of their own, and the room between them is none.
      const squeezed = (text: unknown): string => String(text).replaceAll(' ', '');
      expect(((await seenAt(ms)) as string[]).map(squeezed)).toEqual(lines.map(squeezed));
    }
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(pathToFileURL(file).href);
    expect(await seenAt(0)).toEqual(['nothing but this']);
    await page.close();
  });

  test('a gif is read by others as what was recorded: its size, its pictures and how long they last', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const file = join(folder.path, 'session.gif');
    expect((await runOrch(['export', '--dir', folder.path, '-o', file])).code).toBe(0);
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const base64 = readFileSync(file).toString('base64');
    const read = await page.evaluate(`(async () => {
      const data = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: 'image/gif' });
      await decoder.tracks.ready;
      const pictures = [];
      for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
        const { image } = await decoder.decode({ frameIndex });
        pictures.push([image.displayWidth, image.displayHeight, image.duration / 1000]);
      }
      return { pictures, repeats: decoder.tracks.selectedTrack.repetitionCount };
    })()`);
    expect(read).toEqual({
      pictures: [1000, 1000, 1000, 6000, 3000].map((ms) => [672, 408, ms]),
      repeats: Infinity,
    });
    await page.close();
  });

  test('a png is read by others, two pixels a unit', async () => {
    using folder = temporaryFolder();
    writeTimedTask(folder.path, SESSION);
    const file = join(folder.path, 'end.png');
    expect((await runOrch(['export', '--dir', folder.path, '-o', file])).code).toBe(0);
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const size = await page.evaluate(`[document.images[0].naturalWidth, document.images[0].naturalHeight]`);
    expect(size).toEqual([2 * (672 + 24), 2 * (408 + 24)]);
    await page.close();
  });
});
