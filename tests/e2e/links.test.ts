import { afterAll, describe, expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import type { PageData } from '../../src/page/page-data.js';
import { recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Prints a label that leads to a page, one that leads nowhere safe, one whose address has a token in it, and a plain line. */
const SCRIPT = String.raw`link() { printf '\033]8;;%s\033\\%s\033]8;;\033\\' "$1" "$2"; }
printf 'see '; link 'https://docs.test/a?b=1&c=2' 'the page'; echo ' now'
link 'file:///etc/hosts' 'a file'; echo
link "https://docs.test/?key=ghp_$(printf 'a%.0s' $(seq 36))" 'with a key'; echo
echo plain`;

describe('what leads somewhere in a run', () => {
  const home = temporaryFolder();
  afterAll(() => {
    home[Symbol.dispose]();
  });
  const orch = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runOrch([...args, '--dir', home.path]);
    expect(code, stderr).toBe(0);
    return stdout.toString();
  };
  const recorded = runOrch(recordScript(home.path, SCRIPT, '-q'));

  test('leads there in a page, whose data has no key and nothing unsafe in it', async () => {
    await recorded;
    const page = await orch('export', '-f', 'html');
    const packed = /id="data">([^<]*)</.exec(page)?.[1] ?? '';
    const { lines } = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as PageData;
    expect(lines.map(([, , text, links]) => [text, links])).toEqual([
      ['see the page now', [[4, 12, 'https://docs.test/a?b=1&c=2']]],
      ['a file', undefined],
      ['with a key', [[0, 10, `https://docs.test/?key=${'*'.repeat(40)}`]]],
      ['plain', undefined],
    ]);
  });

  test('leads there in a picture, still or not', async () => {
    await recorded;
    for (const how of [[], ['--at', '/plain/']]) {
      const svg = await orch('export', '-f', 'svg', ...how);
      expect(svg).toMatch(
        /<a href="https:\/\/docs\.test\/a\?b=1&amp;c=2" rel="noreferrer"><text [^>]*>the page<\/text><\/a>/,
      );
      expect(svg).not.toMatch(/ghp_a|href="file/);
    }
  });

  test('is told by logs -o json, with and without its beginning, and by render -o json alike', async () => {
    await recorded;
    const linksIn = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { links?: unknown }).links);
    const key = `https://docs.test/?key=ghp_${'a'.repeat(36)}`;
    const [page, keyed] = [
      [{ start: 4, end: 12, uri: 'https://docs.test/a?b=1&c=2' }],
      [{ start: 0, end: 10, uri: key }],
    ];
    expect(linksIn(await orch('logs', 'latest', '--backend', '-o', 'json'))).toEqual([
      page,
      undefined,
      keyed,
      undefined,
    ]);
    expect(linksIn(await orch('logs', 'latest', '--backend', '-o', 'json', '-n', '2'))).toEqual([keyed, undefined]);
    const raw = await orch('logs', 'latest', '-o', 'raw');
    const { stdout } = await runOrch(['render', '-o', 'json', '-'], { input: raw });
    expect(linksIn(stdout.toString())).toEqual([page, undefined, keyed, undefined]);
  });

  test('is its label where people read lines, in colours and without', async () => {
    await recorded;
    for (const how of ['always', 'never']) {
      const text = await orch('logs', 'latest', '--backend', '--color', how);
      expect(text).toContain('see the page now');
      expect(text).not.toContain('docs.test');
    }
  });
});
