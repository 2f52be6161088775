import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteSink } from '../../src/pty/terminal/byte-sink.js';
import { DeafSink } from '../../src/pty/terminal/deaf-sink.js';
import { TerminalOutput } from '../../src/pty/terminal/terminal-output.js';
import { runs } from '../fixtures/runs.js';

/** A sink that takes as much as it is told to, and keeps it. */
class TakingSink implements ByteSink {
  readonly taken: Buffer[] = [];
  readonly #appetite: () => number;

  constructor(appetite: () => number = () => Infinity) {
    this.#appetite = appetite;
  }

  get text(): string {
    return Buffer.concat(this.taken).toString('latin1');
  }

  write(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#appetite());
    this.taken.push(Buffer.from(taken));
    return taken.length;
  }

  whenWritable(run: () => void): void {
    run();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    // Nothing is held.
  }
}

/** Gives `sink` all of `chunks`, in as many writes as it takes. */
function writeAll(sink: ByteSink, chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(sink.write(rest));
}

const pieces = fc.array(
  fc.constantFrom('\x1b[?1049h', '\x1b[?25l', '\x1b[c', '\x1b]11;?\x07', '\x1b[1;31m', 'text', '\x1b'),
  {
    maxLength: 20,
  },
);

describe('a terminal that output goes to', () => {
  test('is put back in the modes it was found in', () => {
    const sink = new TakingSink();
    const output = new TerminalOutput(sink);
    writeAll(output, [Buffer.from('\x1b[?1049h\x1b[?2004h\x1b[?25l')]);
    sink.taken.length = 0;
    output[Symbol.dispose]();
    for (const undone of ['\x1b[?1049l', '\x1b[?2004l', '\x1b[?25h']) expect(sink.text).toContain(undone);
  });

  test('is left without colours where there were any, and untouched where nothing but text was printed', () => {
    const undoAfter = (text: string): string => {
      const sink = new TakingSink();
      const output = new TerminalOutput(sink);
      output.write(Buffer.from(text));
      sink.taken.length = 0;
      output[Symbol.dispose]();
      return sink.text;
    };
    expect(undoAfter('plain\r\n')).toBe('');
    expect(undoAfter('\x1b[38;5;0mred')).toBe('\x1b[m');
    expect(undoAfter('\x1b[>4;2m')).toBe('\x1b[>4m\x1b[m');
  });

  test('is known how to undo, however slowly it takes what changes it', () => {
    const known = (appetite: number): string | undefined => {
      const reported: string[] = [];
      const output = new TerminalOutput(new TakingSink(() => appetite), (undo) => reported.push(undo));
      writeAll(output, [Buffer.from('\x1b[?1049h\x1b[?2004h'), Buffer.from('\x1b[?25ldrawn')]);
      return reported.at(-1);
    };
    expect(known(Infinity)).toContain('\x1b[?25h');
    expect([known(1), known(3)]).toEqual([known(Infinity), known(Infinity)]);
  });

  test('changes only after it is known how to undo that', () => {
    const order: string[] = [];
    const sink = new TakingSink();
    const output = new TerminalOutput(
      {
        write: (bytes) => {
          order.push('written');
          return sink.write(bytes);
        },
        whenWritable: (run) => {
          run();
        },
        flush: () => Promise.resolve(),
        [Symbol.dispose]: () => undefined,
      },
      () => order.push('known'),
    );
    output.write(Buffer.from('\x1b[?1049h'));
    expect(order).toEqual(['known', 'written']);
  });

  test('that hung up is not an error when it cannot be put back', () => {
    const sink = new TakingSink();
    let gone = false;
    const output = new TerminalOutput({
      write: (bytes) => {
        if (gone) throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
        return sink.write(bytes);
      },
      whenWritable: (run) => {
        run();
      },
      flush: () => Promise.resolve(),
      [Symbol.dispose]: () => undefined,
    });
    output.write(Buffer.from('\x1b[?25l'));
    gone = true;
    expect(() => {
      output[Symbol.dispose]();
    }).not.toThrow();
  });
});

/** The title of a terminal that a shell had named, when all this has been written to it. */
async function titleAfter(text: string): Promise<string | undefined> {
  const terminal = new headless.Terminal({
    cols: 80,
    rows: 24,
    allowProposedApi: true,
    windowOptions: { pushTitle: true, popTitle: true },
  });
  let title: string | undefined;
  terminal.onTitleChange((now) => (title = now));
  await new Promise<void>((resolve) => {
    terminal.write(`\x1b]2;shell\x07${text}`, resolve);
  });
  terminal.dispose();
  return title;
}

describe('the title of a terminal', () => {
  const titled = fc.array(
    fc.constantFrom(
      '\x1b]0;agent\x07',
      // Some terminals take the ESC of `ESC \\` for the end: of one that was cut there the title is set already.
      '\x1b]2;other\x07',
      '\x1b]1;icon\x07',
      '\x1b[22;0t',
      '\x1b[22;2t',
      'text',
      '\x1b[31m',
    ),
    { maxLength: 12 },
  );

  test('is given back, however the output is cut and however slowly it is taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        titled,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.constantFrom(1, 2, 5, Infinity),
        async (pieces, lengths, appetite) => {
          const bytes = Buffer.from(pieces.join(''));
          const sink = new TakingSink(() => appetite);
          const output = new TerminalOutput(sink);
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const length = lengths[n % lengths.length] ?? 1;
            writeAll(output, [bytes.subarray(at, at + length)]);
            at += length;
          }
          const shown = sink.text;
          expect(await titleAfter(shown)).toBe(await titleAfter(bytes.toString()));
          // What is written at last is written at once.
          expect(await titleAfter(shown + undoOf(bytes))).toBe('shell');
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('is put aside once, right in front of the first that the agent sets, and otherwise left alone', () => {
    const shown = (...chunks: readonly string[]): string => {
      const sink = new TakingSink();
      const output = new TerminalOutput(sink);
      for (const chunk of chunks) output.write(Buffer.from(chunk));
      return sink.text;
    };
    expect(shown('a\x1b[1mb\x1b]0;x\x07c\x1b]2;y\x07d')).toBe('a\x1b[1mb\x1b[22;0t\x1b]0;x\x07c\x1b]2;y\x07d');
    expect(shown('a\x1b]', '0;x\x07c')).toBe('a\x1b]\x18\x1b[22;0t\x1b]0;x\x07c');
    for (const text of ['\x1b[1mbold', '\x1b]8;;http://x\x07', '\x1b[22;0t\x1b]0;x\x07', '\x1b]11;?\x07'])
      expect(shown(text)).toBe(text);
  });
});

/** What gives a terminal back that has taken `bytes`. */
function undoOf(bytes: Uint8Array): string {
  let undo = '';
  new TerminalOutput(new TakingSink(), (reported) => (undo = reported)).write(bytes);
  return undo;
}

describe('a terminal that is given back for a while', () => {
  test('is undone, and undone again when it was changed again', () => {
    const sink = new TakingSink();
    const output = new TerminalOutput(sink);
    output.write(Buffer.from('\x1b[?1049h\x1b[?25l'));
    output.rest();
    expect(sink.text).toBe('\x1b[?1049h\x1b[?25l\x1b[?1049l\x1b[?25h\x1b[m');
    output.write(Buffer.from('\x1b[?1049h'));
    output[Symbol.dispose]();
    expect(sink.text.slice(-11)).toBe('\x1b[?1049l\x1b[m');
  });

  test('gets what is to be written besides, and its guardian knows of that at once', () => {
    const sink = new TakingSink();
    const reported: string[] = [];
    const output = new TerminalOutput(sink, (undo) => reported.push(undo));
    output.undoBesides('\x1b[8;24;80t');
    output[Symbol.dispose]();
    expect([reported, sink.text]).toEqual([['\x1b[8;24;80t'], '\x1b[8;24;80t']);
  });
});

describe('a terminal without its keyboard', () => {
  test('is shown everything but queries, however the output is cut and however slowly it takes it', () => {
    fc.assert(
      fc.property(
        pieces,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (pieces, lengths, appetite) => {
          const bytes = Buffer.from([...pieces, 'end'].join(''));
          const chunks: Buffer[] = [];
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const length = lengths[n % lengths.length] ?? 1;
            chunks.push(bytes.subarray(at, at + length));
            at += length;
          }
          const sink = new TakingSink(() => appetite);
          const deaf = new DeafSink(sink);
          writeAll(deaf, chunks);
          for (let n = 0; n < bytes.length; n++) deaf.write(new Uint8Array(0));
          expect(sink.text).toBe(bytes.toString('latin1').replace(/\x1b\[c|\x1b\]11;\?\x07/g, ''));
        },
      ),
    );
  });
});
