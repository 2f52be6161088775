import fc from 'fast-check';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type * as ResponderModule from '../../src/record/viewers/query-responder.js';
import { eventually } from '../fixtures/eventually.js';
import { runs } from '../fixtures/runs.js';

/** The built one: the thread behind it is a file of its own, which is JavaScript only there. */
const built = pathToFileURL(join(import.meta.dirname, '../../dist/record/viewers/query-responder.js')).href;
const { QueryResponder } = (await import(built)) as typeof ResponderModule;

/** An agent that prints, and what it was answered. */
function asking(elsewhere?: () => boolean): {
  print(bytes: string | Uint8Array): void;
  answers(): string;
  full: boolean;
  drained(): void;
} & Disposable {
  let log = Buffer.alloc(0);
  let answers = '';
  let waiting: (() => void)[] = [];
  const agent = {
    full: false,
    print(text: string | Uint8Array) {
      const bytes = Buffer.from(text);
      log = Buffer.concat([log, bytes]);
      responder.show(bytes);
    },
    answers: () => answers,
    drained() {
      agent.full = false;
      for (const run of waiting.splice(0)) run();
    },
    [Symbol.dispose]() {
      responder[Symbol.dispose]();
    },
  };
  const responder = new QueryResponder(
    {
      size: { cols: 80, rows: 24 },
      read(buffer, offset) {
        return { type: 'bytes', count: log.copy(buffer, 0, offset) };
      },
      type(bytes, onDrained) {
        answers += Buffer.from(bytes).toString('latin1');
        if (!agent.full) return true;
        waiting = [...waiting, onDrained];
        return false;
      },
    },
    '9.9.9',
    elsewhere,
  );
  return agent;
}

const ANSWERS: Readonly<Record<string, string>> = {
  '\x1b[c': '\x1b[?62;22c',
  '\x1b[0c': '\x1b[?62;22c',
  '\x1b[>c': '\x1b[>1;10;0c',
  '\x1b[5n': '\x1b[0n',
  '\x1b[?2026$p': '\x1b[?2026;2$y',
  '\x1b[?25$p': '\x1b[?25;1$y',
  '\x1b[?9999$p': '\x1b[?9999;0$y',
  '\x1b[4$p': '\x1b[4;2$y',
  '\x1b[>q': '\x1bP>|orch(9.9.9)\x1b\\',
  '\x1b[>0q': '\x1bP>|orch(9.9.9)\x1b\\',
  '\x1b[?u': '\x1b[?0u',
  '\x1b]10;?\x1b\\': '\x1b]10;rgb:ffff/ffff/ffff\x1b\\',
  '\x1b]11;?\x07': '\x1b]11;rgb:0000/0000/0000\x07',
  '\x1b]10;?;?\x07': '\x1b]10;rgb:ffff/ffff/ffff\x07\x1b]11;rgb:0000/0000/0000\x07',
  '\x1b]12;?\x07': '\x1b]12;rgb:ffff/ffff/ffff\x07',
  '\x1b]17;?\x1b\\': '\x1b]17;rgb:ffff/ffff/ffff\x1b\\',
  '\x1b]19;?\x1b\\': '\x1b]19;rgb:0000/0000/0000\x1b\\',
  '\x1b]4;1;?\x07': '\x1b]4;1;rgb:cdcd/0000/0000\x07',
  '\x1b]4;0;?;255;?\x1b\\': '\x1b]4;0;rgb:0000/0000/0000\x1b\\\x1b]4;255;rgb:eeee/eeee/eeee\x1b\\',
  '\x1b]4;7;#fff;21;?\x07': '\x1b]4;21;rgb:0000/0000/ffff\x07',
  '\x1b[?996n': '\x1b[?997;1n',
  '\x1b[14t': '\x1b[4;384;640t',
  '\x1b[16t': '\x1b[6;16;8t',
  '\x1b[18t': '\x1b[8;24;80t',
  '\x1b]7501;?\x07': '\x1b]7501;?1\x1b\\',
  '\x9d7501;?\x9c': '\x1b]7501;?1\x1b\\',
  '\x1b]99;i=my-probe:p=?;\x1b\\': '\x1b]99;i=my-probe:p=?;\x1b\\',
  '\x1b]99;p=?;\x07': '\x1b]99;p=?;\x07',
  '\x1b_Gi=7,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\': '\x1b_Gi=7;ENOTSUPPORTED:no graphics here\x1b\\',
  '\x1b_Ga=q,I=3,q=1;AAAA\x07': '\x1b_GI=3;ENOTSUPPORTED:no graphics here\x1b\\',
  '\x1bP+q4d73\x1b\\': '\x1bP0+r4d73\x1b\\',
  '\x1bP+q544e;524742\x1b\\': '\x1bP0+r544e;524742\x1b\\',
};
/** What looks like a question or an answer and is neither. */
const SILENT = [
  '\x1b[?62;22c',
  '\x1b[1;1R',
  '\x1b[m',
  '\x1b[2J',
  '\x1b]0;title\x07',
  '\x1b[=c',
  '\x1b[8;10;10t',
  'text',
  '\x1b[1c',
  '✳ ½\r\n',
  '\x1bP+qTN\x1b\\',
  '\x1bP+q\x1b\\',
  '\x1bP1+r4d73=1b5d\x1b\\',
  '\x1b]4;256;?\x07',
  '\x1b]4;3;#123456\x07',
  '\x1b]12;default\x07',
  '\x1b]99;i=1:d=0;Hello\x1b\\',
  '\x1b]99;i=a\tb:p=title;p=?\x1b\\',
  '\x1b]7501;state=working\x07',
  '\x1b]7501;?1\x1b\\',
  '\x1b_Gi=7,a=T,f=100;AAAA\x1b\\',
  '\x1b_Gi=7,a=q,q=2;AAAA\x1b\\',
  '\x1b_Ga=q;AAAA\x1b\\',
  '\x1b[?997;1n',
];

describe('what an unattended agent asks its terminal', () => {
  test('is answered once, in order, wherever the reads cut it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Object.keys(ANSWERS), ...SILENT), { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (asked, cuts) => {
          using agent = asking();
          const bytes = Buffer.from(asked.join(''));
          const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
          places.slice(1).forEach((to, at) => {
            agent.print(bytes.subarray(places[at], to));
          });
          expect(agent.answers()).toBe(asked.map((query) => ANSWERS[query] ?? '').join(''));
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test('of the cursor is answered with where it is, and what was asked behind waits its turn', async () => {
    using agent = asking();
    agent.print('\x1b[c\r\n\x1b[5;10Hab\x1b[6n\x1b[5n\x1b[?6n\x1b[c');
    const all = '\x1b[?62;22c\x1b[5;12R\x1b[0n\x1b[?5;12R\x1b[?62;22c';
    await eventually(() => agent.answers().length >= all.length, 'all answers');
    expect(agent.answers()).toBe(all);
    agent.print('\r\n日本\x1b[6n');
    await eventually(() => agent.answers().length > all.length, 'one more');
    expect(agent.answers().slice(all.length)).toBe('\x1b[6;5R');
  });

  test('is answered with the words that a program waits for in front of what it takes as the end of all answers', () => {
    using agent = asking();
    agent.print('\x1b[>0q\x1b[?u\x1b]7501;?\x07\x1b[c');
    expect(agent.answers()).toBe('\x1bP>|orch(9.9.9)\x1b\\\x1b[?0u\x1b]7501;?1\x1b\\\x1b[?62;22c');
  });

  test('is left to a terminal that answers, but for whether someone listens to reports: orch does', () => {
    using agent = asking(() => true);
    agent.print('\x1b[>0q\x1b[6n\x1b]7501;?\x07\x1b[c\x1bP+q4d73\x1b\\');
    expect(agent.answers()).toBe('\x1b]7501;?1\x1b\\');
  });

  test('is answered by what the modes were when it asked', () => {
    using agent = asking();
    agent.print('\x1b[?2026h\x1b[?2026$p\x1b[?2026l\x1b[?2026$p\x1b[>5u\x1b[?u\x1b[<u\x1b[?u');
    expect(agent.answers()).toBe('\x1b[?2026;1$y\x1b[?2026;2$y\x1b[?5u\x1b[?0u');
  });

  test('is not answered to an agent that has stopped reading, until it reads again', () => {
    using agent = asking();
    agent.full = true;
    for (let at = 0; at < 1000; at += 1) agent.print('\x1b[c');
    expect(agent.answers()).toBe(ANSWERS['\x1b[c']);
    agent.drained();
    agent.print('\x1b[5n');
    expect(agent.answers()).toBe(`${ANSWERS['\x1b[c'] ?? ''}\x1b[0n`);
  });

  test('a flood of cursor questions is answered in part, in order, and costs a bounded amount of memory', async () => {
    using agent = asking();
    const flood = '\x1b[6n'.repeat(20_000);
    agent.print(flood);
    agent.print('\x1b[9;9H');
    // Once the flood is worked off, a new question is answered again.
    await eventually(() => agent.answers().length > 0, 'the first answers');
    await eventually(() => {
      agent.print('\x1b[6n');
      return agent.answers().includes('\x1b[9;9R');
    }, 'the answer to a question after the flood');
    expect(agent.answers()).toMatch(/^(\x1b\[1;1R)+(\x1b\[9;9R)+$/);
    expect(agent.answers().length).toBeLessThan(6 * 1000);
  });

  test('after the end nothing is answered any more', () => {
    const agent = asking();
    agent[Symbol.dispose]();
    agent.print('\x1b[c');
    expect(agent.answers()).toBe('');
  });
});
