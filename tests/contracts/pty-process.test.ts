import { spawn as spawnNative } from 'node-pty';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { closeSync, fstatSync, openSync, readlinkSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { spawnNodePty } from '../../src/pty/process/node-pty.js';
import type { PtyProcess } from '../../src/pty/process/pty-process.js';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { FakePty } from '../fixtures/fake-pty.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type ContractPrograms, ptyProcessContract } from './pty-process.js';

ptyProcessContract('node-pty', (program, options) => {
  const pty = spawnScript(scriptOf(program, options));
  return {
    pty,
    letGo: () => {
      signalGroup(pty, 'SIGKILL');
    },
    [Symbol.dispose]() {
      signalGroup(pty, 'SIGKILL');
      pty.close();
    },
  };
});

test('node-pty pushes again when it is told so', async () => {
  const pty = spawnScript(scriptOf('echo', { bytes: 10 }));
  let pushed = '';
  pty.onBytes((bytes) => (pushed += Buffer.from(bytes).toString()));
  await eventually(() => pushed.includes('ready'), 'it is ready');
  pty.pausePushing();
  pty.write(Buffer.from('0123456789'));
  pty.resumePushing();
  await eventually(() => pushed.endsWith('0123456789'), 'what it prints');
  pty.close();
});

ptyProcessContract('the fake', (program, options) => {
  const pty = new FakePty();
  let letGo: () => void = () => undefined;
  pty.onKill = (signal) => {
    pty.exit({ signal: signal === 'SIGKILL' ? 9 : 15 });
  };
  const later = (work: () => void): void => {
    setImmediate(() => {
      pty.push();
      work();
    });
  };
  if (program === 'print') {
    const { bytes, exitCode } = options as ContractPrograms['print'];
    pty.print(bytes);
    later(() => {
      pty.exit({ exitCode });
    });
  } else {
    pty.print('ready');
    later(() => undefined);
  }
  if (program === 'echo') {
    pty.onInput = (bytes) => {
      pty.print(bytes);
      later(() => {
        pty.exit();
      });
    };
  }
  if (program === 'size') {
    pty.onResize = ({ cols, rows }) => {
      pty.print(`${cols}x${rows}`);
      later(() => {
        pty.exit();
      });
    };
  }
  if (program === 'leaveBehind') {
    letGo = pty.holdSlave();
    later(() => {
      pty.exit();
    });
  }
  return {
    pty,
    letGo,
    [Symbol.dispose]() {
      pty.close();
    },
  };
});

describe('node-pty itself', () => {
  test('has the private fields that a capture without loss needs, in the version that was measured', async () => {
    const main = createRequire(import.meta.url).resolve('node-pty');
    const { version } = JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8')) as { version: string };
    expect(version).toBe('1.1.0');
    const terminal = spawnNative('/bin/true', [], { cols: 80, rows: 24, cwd: '/', env: {}, encoding: 'utf8' });
    expect(terminal).toMatchObject({
      _emittedClose: false,
      fd: expect.any(Number) as number,
      ptsName: expect.stringMatching(/^\/dev\//) as string,
      _socket: {
        _handle: { readStop: expect.any(Function) as unknown, readStart: expect.any(Function) as unknown },
        _readableState: { decoder: expect.anything() as unknown, encoding: 'utf8' },
      },
    });
    await new Promise<void>((resolve) => {
      terminal.onExit(() => {
        resolve();
      });
    });
  });

  test('sets IUTF8, so that line editing erases characters', async () => {
    using terminal = scripted('stty -a; printf ready; read -r line; printf "<%s>" "$line"');
    await terminal.until('ready');
    expect(terminal.text()).toMatch(/ iutf8/);
    // é, erased by the erase character: in a terminal of bytes half of it stays.
    terminal.pty.write(Buffer.from('a\u00e9\x7fb\r'));
    await terminal.until('<ab>');
  });

  test('decodes nothing: half characters and invalid bytes arrive as they are, at once', async () => {
    using terminal = scripted(String.raw`stty raw -echo; printf '\377\376ok\303'; head -c 1`);
    await terminal.until('ok');
    expect(terminal.bytes()).toEqual(Buffer.from([0xff, 0xfe, 0x6f, 0x6b, 0xc3]));
  });

  test('gives the program exactly the environment, folder and size it was told', async () => {
    using folder = temporaryFolder();
    const pty = spawnNodePty({
      file: '/bin/sh',
      args: ['-c', 'env | sort; pwd; stty size; echo over'],
      env: { TERM: 'dumb', COLUMNS: '7', ONE: 'zwei ½' },
      cwd: folder.path,
      size: { cols: 1, rows: 1 },
    });
    using terminal = observed(pty);
    await terminal.until('over');
    const text = terminal.text();
    for (const line of ['TERM=dumb', 'COLUMNS=7', 'ONE=zwei ½', folder.path, '1 1']) expect(text).toContain(line);
    expect(text).not.toContain('HOME=');
  });

  test('touches no descriptor after it was closed, whoever has the number then', async () => {
    using folder = temporaryFolder();
    using terminal = scripted('printf ready; sleep 60');
    await terminal.until('ready');
    const before = ptmxNumbers();
    expect(before.length).toBeGreaterThan(0);
    terminal.pty.kill('SIGKILL');
    terminal.pty.close();
    // Files take the numbers that have become free, the pty's among them.
    const files = Array.from({ length: 20 }, (_, at) => openSync(join(folder.path, `${at}`), 'w+'));
    try {
      expect(files.some((fd) => before.includes(fd))).toBe(true);
      expect(terminal.pty.write(Buffer.from('lost'))).toBe(0);
      terminal.pty.resize({ cols: 10, rows: 10 });
      expect(terminal.pty.read(Buffer.alloc(10), 0)).toEqual({ type: 'end' });
      terminal.pty.stopPushing();
      terminal.pty.releaseSlave();
      terminal.pty.close();
      await terminal.exit;
      for (const fd of files) expect(fstatSync(fd).size).toBe(0);
    } finally {
      for (const fd of files) closeSync(fd);
    }
  });

  test('is ended by a signal that comes before the program has begun', async () => {
    for (let run = 0; run < 30; run += 1) {
      using terminal = scripted('sleep 60');
      terminal.pty.kill('SIGTERM');
      await terminal.exit;
    }
  });
});

interface Observed extends Disposable {
  readonly pty: PtyProcess;
  readonly exit: Promise<unknown>;
  bytes(): Buffer;
  text(): string;
  until(text: string): Promise<void>;
}

function scripted(script: string): Observed {
  return observed(spawnScript(script));
}

function observed(pty: PtyProcess): Observed {
  const chunks: Buffer[] = [];
  const bytes = (): Buffer => Buffer.concat(chunks);
  pty.onBytes((pushed) => chunks.push(Buffer.from(pushed)));
  const exit = new Promise((resolve) => {
    pty.onExit(resolve);
  });
  return {
    pty,
    bytes,
    exit: withDeadline(exit, () => 'the exit', 5000),
    text: () => bytes().toString(),
    until: (text) => eventually(() => bytes().includes(text), text),
    [Symbol.dispose]() {
      signalGroup(pty, 'SIGKILL');
      pty.close();
    },
  };
}

function spawnScript(script: string): PtyProcess {
  return spawnNodePty({
    file: '/bin/sh',
    args: ['-c', script],
    env: testEnvironment(),
    cwd: '/',
    size: { cols: 80, rows: 24 },
  });
}

function scriptOf<K extends keyof ContractPrograms>(program: K, options: ContractPrograms[K]): string {
  switch (program) {
    case 'print': {
      const { bytes, exitCode } = options as ContractPrograms['print'];
      // base64, because an argument holds no NUL.
      return `stty raw; printf %s ${bytes.toString('base64')} | base64 -d; exit ${exitCode}`;
    }
    case 'echo':
      return `stty raw -echo; printf ready; head -c ${(options as ContractPrograms['echo']).bytes}`;
    case 'size':
      return `trap 'stty size | sed -E "s/(.*) (.*)/\\2x\\1/"; exit' WINCH; printf ready; while :; do sleep 0.01; done`;
    case 'leaveBehind':
      // It must ignore the hangup before its parent, the leader of the session, is gone.
      return 'trap "" HUP TERM; sleep 60 & printf ready';
    default:
      return 'stty raw -echo; printf ready; exec sleep 60';
  }
}

function signalGroup(pty: PtyProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pty.pid, signal);
  } catch {
    // Nobody is left.
  }
}

/** The descriptors of this process that are pty masters. */
function ptmxNumbers(): number[] {
  return readdirSync('/proc/self/fd')
    .filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).includes('ptmx');
      } catch {
        return false;
      }
    })
    .map(Number);
}
