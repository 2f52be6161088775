/**
 * Makes the pictures of the README: records orch running its demo agent and reading what was recorded, and exports that. The
 * screenshot of the page needs a Chromium; without one it stays as it is.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noChromium, openChromium } from '../tests/fixtures/chromium.js';

const SVG = resolve('docs/session.svg');
const PNG = resolve('docs/page.png');

/** Typed as a person would, and run. */
const SESSION = `
type() {
  printf '\\033[1;32m$\\033[0m '
  sleep 0.6
  printf '%s' "$1" | sed 's/./&\\n/g' | while IFS= read -r letter; do printf '%s' "$letter"; sleep 0.04; done
  sleep 0.4
  printf '\\n'
}
type 'orch run -b demo'
orch run -b demo
sleep 1
type 'orch logs latest --no-ansi | grep -c .'
orch logs latest --no-ansi | grep -c .
sleep 1
type 'orch logs latest --backend --no-ansi --tail 7'
orch logs latest --backend --no-ansi --tail 7
sleep 1
type 'orch verify'
orch verify
`;

const folder = mkdtempSync(join(tmpdir(), 'orch-picture-'));
try {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(resolve('dist/command/bin.js'), join(bin, 'orch'));
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, TERM: 'xterm-256color' };
  const orch = (...args: readonly string[]): void => {
    execFileSync('orch', args, { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  writeFileSync(join(folder, 'session.sh'), SESSION);
  const recording = join(folder, 'recording');
  orch('run', '--dir', recording, '-q', '--size', '80x24', '--', 'sh', 'session.sh');
  const options = ['--dir', recording, '--idle-limit', '2', '--title', 'orch run, orch logs, orch verify'];
  orch('export', ...options, '-o', SVG);
  tell(SVG);
  if (noChromium === '') await photograph(orch, join(folder, 'page.html'), options);
  else console.log(`${PNG} is left as it is: ${noChromium}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** The page of the same session, searched in. */
async function photograph(
  orch: (...args: readonly string[]) => void,
  file: string,
  options: readonly string[],
): Promise<void> {
  orch('export', ...options, '-o', file);
  const browser = await openChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 640 } });
    await page.goto(pathToFileURL(file).href);
    await page.locator('#lines[data-made=all]').waitFor();
    // It is no longer covered by the sign that it can be played.
    await page.keyboard.press('Space');
    await page.locator('.now').waitFor();
    await page.keyboard.press('Space');
    await page.locator('#query').fill('recorded');
    await page.locator('#query').press('Enter');
    await page.locator('.ap-term-text', { hasText: 'recorded' }).waitFor();
    await page.screenshot({ path: PNG });
    tell(PNG);
  } finally {
    await browser.close();
  }
}

function tell(file: string): void {
  console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
}
