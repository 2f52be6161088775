/** Pastes of 10 MB, through the client of orch run and through another. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

const BYTES = 10_000_000;
const LINE = 'what a person pastes: é 日本 🙂 \x1cd and more of it, ';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Text of exactly BYTES bytes, whose lines end as a terminal pastes them, or as a program reads them. */
function text(lineEnd: '\r' | '\n'): Buffer {
  const lines: string[] = [];
  for (let at = 0, bytes = 0; bytes < BYTES + 200; at++) {
    const line = `${at} ${LINE}${lineEnd}`;
    bytes += Buffer.byteLength(line);
    lines.push(line);
  }
  const whole = Buffer.from(lines.join('')).subarray(0, BYTES - 1);
  // A character that is cut counts as any bytes do.
  return Buffer.concat([whole, Buffer.from(lineEnd)]);
}

const [BEGINS, ENDS] = ['\x1b[200~', '\x1b[201~'];
const MARKED = Buffer.concat([Buffer.from(BEGINS), text('\r'), Buffer.from(ENDS)]);

/** How a program reads, what is pasted to it, and what it gets of that. */
const READERS: readonly (readonly [string, string, Buffer, Buffer])[] = [
  [
    'bracketed pastes',
    String.raw`printf '\033[?2004h'; stty raw -echo; echo ready; head -c ${MARKED.length} | sha256sum`,
    MARKED,
    MARKED,
  ],
  ['every byte', `stty raw -echo; echo ready; head -c ${BYTES} | sha256sum`, text('\r'), text('\r')],
  // The terminal of a program that reads lines takes Ctrl-\\ for a signal.
  ['lines', `stty -echo -isig; echo ready; head -c ${BYTES} | sha256sum`, text('\r'), text('\n')],
];

describe.each([
  ['orch run', (dir: string, words: readonly string[]) => openOrch(['run', '--dir', dir, ...words])],
  ['orch attach', attached],
])('a paste of 10 MB at the terminal of %s', (_, open) => {
  test.each(READERS)('arrives whole where the program reads %s', async (_name, script, pasted, read) => {
    using folder = temporaryFolder();
    await using terminal = await open(join(folder.path, 'a'), ['--', 'sh', '-c', script]);
    await terminal.waitFor('ready');
    await terminal.type(pasted);
    await terminal.waitFor(sha256(read), 120_000);
    expect(await terminal.end()).toEqual({ code: 0 });
  });
});

/** A client of a task that another has started, and left. */
async function attached(dir: string, words: readonly string[]): Promise<TestTerminal> {
  await using first = openOrch(['run', '--dir', dir, ...words]);
  await first.waitFor('ready');
  first.close();
  await first.end();
  await eventually(() => onlyTask(dir).events.length > 0, 'the task');
  return openOrch(['attach', '--dir', dir, '--take']);
}
