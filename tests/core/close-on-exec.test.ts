import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { execFile, spawn, spawnSync } from '../../src/core/process/spawn.js';
import { Capture } from '../../src/pty/process/capture.js';
import { systemClock } from '../../src/core/clock.js';
import { spawnNodePty } from '../../src/pty/process/node-pty.js';
import type { PtyProcess } from '../../src/pty/process/pty-process.js';
import { DESCRIPTORS_ARE_LISTED, descriptorsOf, LIST_DESCRIPTORS, listedDescriptors } from '../fixtures/descriptors.js';
import { testEnvironment } from '../fixtures/environment.js';

/** More than the sixteen numbers up to which node-pty closes what its child has inherited, however many are free between. */
const GAP = 20;

describe.skipIf(!DESCRIPTORS_ARE_LISTED)('what is started while terminals are open, their numbers far apart', () => {
  test.each([
    ['under a terminal', inTerminal],
    ['with pipes', withPipes],
    ['and waited for at once', waitedFor],
    ['for what it prints', forItsOutput],
  ])('%s has three descriptors, and no others', async (_, list) => {
    using terminals = openTerminals(3);
    expect(terminals.masters()).toHaveLength(3);
    const held = listedDescriptors(await list());
    expect([...held.keys()]).toEqual([0, 1, 2]);
  });

  test('of two that are started in one breath neither has anything of the other', async () => {
    using terminals = openTerminals(1);
    expect(terminals.masters()).toHaveLength(1);
    for (const held of await Promise.all([inTerminal(), withPipes(), inTerminal(), forItsOutput()]))
      expect([...listedDescriptors(held).keys()]).toEqual([0, 1, 2]);
  });
});

test.skipIf(!DESCRIPTORS_ARE_LISTED)(
  'a program that ends under a terminal leaves no descriptor open here',
  async () => {
    await inTerminal();
    const before = descriptorsOf(process.pid).size;
    for (let run = 0; run < 5; run += 1) await inTerminal();
    expect(descriptorsOf(process.pid).size).toBeLessThanOrEqual(before);
  },
);

const env = testEnvironment();
const sh = (script: string): PtyProcess =>
  spawnNodePty({ file: '/bin/sh', args: ['-c', script], env, cwd: '/', size: { cols: 200, rows: 20 } });

async function inTerminal(): Promise<string> {
  let printed = '';
  const capture = new Capture(sh(LIST_DESCRIPTORS), {
    clock: systemClock,
    sink: (bytes) => {
      printed += Buffer.from(bytes).toString();
    },
  });
  await capture.ended;
  return printed;
}

function withPipes(): Promise<string> {
  const child = spawn('/bin/sh', ['-c', LIST_DESCRIPTORS], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += String(text);
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      resolve(printed);
    });
  });
}

function waitedFor(): Promise<string> {
  return Promise.resolve(spawnSync('/bin/sh', ['-c', LIST_DESCRIPTORS], { encoding: 'utf8' }).stdout);
}

function forItsOutput(): Promise<string> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', LIST_DESCRIPTORS], (_, stdout) => {
      resolve(stdout);
    });
  });
}

/** Terminals whose masters have numbers with free ones between them. */
function openTerminals(count: number): Disposable & { masters(): readonly number[] } {
  const files: number[] = [];
  const open = (): void => {
    for (let file = 0; file < GAP; file += 1) files.push(openSync('/dev/null', 'r'));
  };
  const before = new Set(masters());
  const ptys = Array.from({ length: count }, () => {
    open();
    return sh('sleep 1000');
  });
  for (const file of files) closeSync(file);
  return {
    masters: () => masters().filter((fd) => !before.has(fd)),
    [Symbol.dispose]: () => {
      for (const pty of ptys) {
        pty.kill('SIGKILL');
        pty.close();
      }
    },
  };
}

function masters(): readonly number[] {
  return [...descriptorsOf(process.pid)].filter(([, of]) => of.endsWith('ptmx')).map(([fd]) => fd);
}
