import { describe, expect, test } from 'vitest';
import type { ExitStatus } from '../../src/core/exit-status.js';
import type { PtyProcess, PtyRead } from '../../src/pty/process/pty-process.js';
import { withDeadline } from '../fixtures/deadline.js';
import { eventually } from '../fixtures/eventually.js';

/** What the programs of the contract do; every adapter brings them in its own way. */
export interface ContractPrograms {
  /** Turns output processing off, prints these bytes and exits with this code. */
  readonly print: { readonly bytes: Buffer; readonly exitCode: number };
  /** Turns everything off, prints `ready`, reads `bytes` bytes, prints them, exits. */
  readonly echo: { readonly bytes: number };
  /** Turns everything off, prints `ready` and never reads. */
  readonly deaf: undefined;
  /** Prints `ready`, then `COLSxROWS` at the first change of size, and exits. */
  readonly size: undefined;
  /** Prints `ready`; a process that ignores the hangup and SIGTERM keeps the terminal until `letGo` is called. */
  readonly leaveBehind: undefined;
}

export type OpenProgram = <K extends keyof ContractPrograms>(program: K, options: ContractPrograms[K]) => OpenedProgram;

interface OpenedProgram extends Disposable {
  readonly pty: PtyProcess;
  /** Ends what {@link ContractPrograms.leaveBehind} left. */
  letGo(): void;
}

const everyByte = Buffer.from(Array.from({ length: 256 * 70 }, (_, at) => at % 256));
/** Less than the kernel holds for a reader that does not read. */
const held = everyByte.subarray(0, 6144);
const SIZE = { cols: 100, rows: 30 };

/** What every {@link PtyProcess} promises. */
export function ptyProcessContract(name: string, open: OpenProgram): void {
  describe(`${name}, as a PtyProcess`, () => {
    test('pushes what is printed, byte for byte, and what is left can be read until the end', async () => {
      using program = open('print', { bytes: everyByte, exitCode: 3 });
      const seen = watch(program.pty);
      expect(await seen.exit).toEqual({ exitCode: 3, signal: 0 });
      seen.drain();
      program.pty.releaseSlave();
      expect(seen.drain()).toBe('end');
      expect(seen.bytes().equals(everyByte)).toBe(true);
    });

    test('keeps what is printed for whoever reads it, as long after the exit as it takes', async () => {
      using program = open('print', { bytes: held, exitCode: 0 });
      const seen = watch(program.pty);
      program.pty.stopPushing();
      await seen.exit;
      // node-pty destroys its socket 200 ms after the exit, unless it is kept from it.
      const from = performance.now();
      await eventually(() => performance.now() - from > 300, 'time passes');
      seen.drain();
      program.pty.releaseSlave();
      expect(seen.drain()).toBe('end');
      expect(seen.bytes().equals(held)).toBe(true);
    });

    test('pushes nothing while it is told not to, and loses nothing by that', async () => {
      using program = open('echo', { bytes: 256 });
      const seen = watch(program.pty);
      await seen.until('ready');
      const before = seen.bytes().length;
      program.pty.pausePushing();
      expect(program.pty.write(everyByte.subarray(0, 256))).toBe(256);
      await seen.exit;
      expect(seen.bytes().length).toBe(before);
      seen.drain();
      expect(seen.bytes().subarray(before).equals(everyByte.subarray(0, 256))).toBe(true);
      program.pty.resumePushing();
      program.pty.stopPushing();
      program.pty.resumePushing();
      expect(seen.drain()).toBe('empty');
    });

    test('reads into the place it is told, and no further', async () => {
      using program = open('print', { bytes: held, exitCode: 0 });
      const seen = watch(program.pty);
      program.pty.stopPushing();
      await seen.exit;
      const buffer = Buffer.alloc(100, 0xaa);
      expect(program.pty.read(buffer, 90)).toEqual({ type: 'bytes', count: 10 });
      expect(buffer.subarray(0, 90).equals(Buffer.alloc(90, 0xaa))).toBe(true);
      expect(buffer.subarray(90)).toEqual(held.subarray(0, 10));
    });

    test('says that nothing is there while the process lives, and never that nothing will come', async () => {
      using program = open('deaf', undefined);
      const seen = watch(program.pty);
      await seen.until('ready');
      expect(program.pty.read(Buffer.alloc(10), 0)).toEqual({ type: 'empty' });
      program.pty.kill('SIGKILL');
      await seen.exit;
      expect(seen.drain()).toBe('empty');
      program.pty.releaseSlave();
      expect(seen.drain()).toBe('end');
    });

    test('says that nothing is there, not that it is the end, while another process has the terminal', async () => {
      using program = open('leaveBehind', undefined);
      const seen = watch(program.pty);
      await seen.exit;
      program.pty.stopPushing();
      program.pty.releaseSlave();
      expect(seen.drain()).toBe('empty');
      program.letGo();
      await eventually(() => seen.drain() === 'end', 'the end, when nobody has the terminal any more');
      expect(seen.bytes().toString()).toContain('ready');
    });

    test('types every byte as it is', async () => {
      using program = open('echo', { bytes: 256 });
      const seen = watch(program.pty);
      await seen.until('ready');
      const typed = everyByte.subarray(0, 256);
      expect(program.pty.write(typed)).toBe(256);
      await seen.exit;
      seen.drain();
      expect(seen.bytes().subarray('ready'.length).equals(typed)).toBe(true);
    });

    test('takes what it can of the input without waiting, and then nothing', async () => {
      using program = open('deaf', undefined);
      const seen = watch(program.pty);
      await seen.until('ready');
      let taken = 0;
      const flood = Buffer.alloc(64 * 1024, 'x');
      for (let count = program.pty.write(flood); count > 0; count = program.pty.write(flood)) taken += count;
      expect(taken).toBeGreaterThan(1000);
      expect(taken).toBeLessThan(1024 * 1024);
      program.pty.kill('SIGKILL');
      expect(await seen.exit).toEqual({ exitCode: 0, signal: 9 });
      expect(program.pty.write(flood)).toBe(0);
    });

    test('passes a change of size on', async () => {
      using program = open('size', undefined);
      const seen = watch(program.pty);
      await seen.until('ready');
      program.pty.resize(SIZE);
      await seen.exit;
      seen.drain();
      expect(seen.bytes().toString()).toContain('100x30');
    });

    test('does nothing after the exit, and nothing after it was closed', async () => {
      using program = open('print', { bytes: Buffer.from('x'), exitCode: 0 });
      const { pty } = program;
      const seen = watch(pty);
      await seen.exit;
      const quietly = (): void => {
        expect(pty.write(Buffer.from('x'))).toBe(0);
        pty.resize(SIZE);
        pty.kill('SIGTERM');
        pty.stopPushing();
      };
      quietly();
      pty.releaseSlave();
      pty.releaseSlave();
      pty.close();
      pty.close();
      quietly();
      pty.releaseSlave();
      expect(pty.read(Buffer.alloc(10), 0)).toEqual({ type: 'end' });
    });

    test('tells of the exit once, also when it is closed before', async () => {
      using program = open('deaf', undefined);
      const seen = watch(program.pty);
      await seen.until('ready');
      program.pty.kill('SIGTERM');
      program.pty.close();
      expect(await seen.exit).toEqual({ exitCode: 0, signal: 15 });
      expect(seen.exits).toHaveLength(1);
    });
  });
}

interface Watched {
  readonly exit: Promise<ExitStatus>;
  readonly exits: readonly ExitStatus[];
  bytes(): Buffer;
  until(text: string): Promise<void>;
  drain(): Exclude<PtyRead['type'], 'bytes'>;
}

function watch(pty: PtyProcess): Watched {
  const chunks: Buffer[] = [];
  const exits: ExitStatus[] = [];
  const bytes = (): Buffer => Buffer.concat(chunks);
  pty.onBytes((pushed) => {
    if (!(pushed instanceof Uint8Array)) throw new TypeError('bytes are bytes: something decodes them');
    chunks.push(Buffer.from(pushed));
  });
  const exit = new Promise<ExitStatus>((resolve) => {
    pty.onExit((status) => {
      exits.push(status);
      resolve(status);
    });
  });
  return {
    exit: withDeadline(exit, () => `the exit, after ${JSON.stringify(bytes().subarray(-200).toString())}`),
    exits,
    bytes,
    until: (text) => eventually(() => bytes().includes(text), `${text} in ${JSON.stringify(bytes().toString())}`),
    drain() {
      const buffer = Buffer.alloc(10_000);
      for (;;) {
        const read = pty.read(buffer, 0);
        if (read.type !== 'bytes') return read.type;
        chunks.push(Buffer.from(buffer.subarray(0, read.count)));
      }
    },
  };
}
