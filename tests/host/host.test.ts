import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InputEvent, SizeCause } from '../../src/core/events.js';
import type { TerminalSize } from '../../src/core/terminal/size.js';
import { systemClock } from '../../src/core/clock.js';
import type { Channel } from '../../src/host/channel.js';
import { Host, type HostedRecording } from '../../src/host/host.js';
import { HostClient } from '../../src/host/host-client.js';
import { type HostWord, PROTOCOL, readHostWord, wordFrame } from '../../src/host/messages.js';
import { SocketServer } from '../../src/host/socket-server.js';
import { StreamChannel } from '../../src/host/stream-channel.js';
import { dial } from '../../src/host/web-socket.js';
import { eventually } from '../fixtures/eventually.js';
import { memoryChannels } from '../fixtures/memory-channel.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** A recording in memory, whose agent is the test. */
class FakeRecording implements HostedRecording {
  readonly group = 0;
  suspend(): void {}
  goOn(): void {}
  readonly device = '/dev/there-is-none';
  size: TerminalSize = { cols: 80, rows: 24 };
  bytes = Buffer.alloc(0);
  readonly typed: Buffer[] = [];
  readonly calls: string[] = [];
  readonly noted: InputEvent[] = [];
  readonly causes: SizeCause[] = [];
  /** The agent ends for good. */
  over: () => void = () => undefined;
  takesInput = true;
  onDrained: () => void = () => undefined;

  get offset(): number {
    return this.bytes.length;
  }

  read(buffer: Uint8Array, offset: number): ReturnType<HostedRecording['read']> {
    return { type: 'bytes', count: this.bytes.copy(buffer, 0, offset) };
  }

  type(bytes: Uint8Array, onDrained: () => void): boolean {
    this.typed.push(Buffer.from(bytes));
    this.onDrained = onDrained;
    return this.takesInput;
  }

  get inputTaken(): boolean {
    return this.takesInput;
  }

  inputWritten(): Promise<boolean> {
    return Promise.resolve(this.takesInput);
  }

  currentStatus() {
    return { status: 'working', changes: 0 } as const;
  }

  noteInput(event: InputEvent): void {
    this.noted.push(event);
  }

  onOver(listener: () => void): void {
    this.over = listener;
  }

  onHeld(): void {
    // Its status does not change.
  }

  keysTyped(): void {
    this.calls.push('keys');
  }

  resize(size: TerminalSize, cause: SizeCause): void {
    if (size.cols === this.size.cols && size.rows === this.size.rows) return;
    this.size = size;
    this.causes.push(cause);
    this.calls.push(`resize ${size.cols}x${size.rows}`);
  }

  signal(signal: string, from: string): void {
    this.calls.push(`${signal} from ${from}`);
  }
}

/** A client, and all it heard. */
class TestClient {
  readonly words: HostWord[] = [];
  readonly frames: { offset: number; bytes: Buffer }[] = [];
  isClosed = false;
  readonly client: HostClient;

  constructor(channel: Channel) {
    this.client = new HostClient(channel, {
      onWord: (word) => this.words.push(word),
      onBytes: ({ offset, bytes }) => this.frames.push({ offset, bytes: Buffer.from(bytes) }),
      onClose: () => {
        this.isClosed = true;
      },
    });
    this.client.begin('0.0.0');
  }

  get bytes(): Buffer {
    return Buffer.concat(this.frames.map(({ bytes }) => bytes));
  }

  of<Type extends HostWord['type']>(type: Type): Extract<HostWord, { type: Type }>[] {
    return this.words.filter((word): word is Extract<HostWord, { type: Type }> => word.type === type);
  }

  /** The next word of this type. */
  async hears(type: HostWord['type'], count = 1): Promise<void> {
    await eventually(() => this.of(type).length >= count, `${count} ${type} in ${JSON.stringify(this.words)}`);
  }

  /** Everything the host had to say until now has come. */
  async settled(): Promise<void> {
    const before = this.of('watching').length;
    this.client.watch();
    await this.hears('watching', before + 1);
  }
}

interface World extends AsyncDisposable {
  readonly recording: FakeRecording;
  readonly host: Host;
  print(bytes: string | Uint8Array): void;
  channel(): Promise<Channel>;
  join(): Promise<TestClient>;
}

function worldOf(connect: (host: Host) => { channel: () => Promise<Channel>; end: () => void }): World {
  const recording = new FakeRecording();
  const host = new Host(recording, '0.0.0');
  const { channel, end } = connect(host);
  return {
    recording,
    host,
    print: (text) => {
      const bytes = Buffer.from(text);
      const offset = recording.bytes.length;
      recording.bytes = Buffer.concat([recording.bytes, bytes]);
      host.show(bytes, offset);
    },
    channel,
    join: async () => {
      const client = new TestClient(await channel());
      await client.hears('hello');
      return client;
    },
    [Symbol.asyncDispose]: () => {
      host[Symbol.dispose]();
      end();
      return Promise.resolve();
    },
  };
}

const KINDS: readonly (readonly [string, () => Promise<World>])[] = [
  [
    'in memory',
    () =>
      Promise.resolve(
        worldOf((host) => ({
          channel: () => {
            const [ours, theirs] = memoryChannels();
            host.take(theirs);
            return Promise.resolve(ours);
          },
          end: () => undefined,
        })),
      ),
  ],
  [
    'over a socket',
    async () => {
      const folder = temporaryFolder();
      const path = join(folder.path, 'with a blank: é.sock');
      const takers: ((channel: Channel) => void)[] = [];
      const server = await SocketServer.listen(path, (channel) => {
        for (const take of takers) take(channel);
      });
      return worldOf((host) => {
        takers.push((channel) => {
          host.take(channel);
        });
        return {
          channel: () => dial(path, 30_000),
          end: () => {
            server[Symbol.dispose]();
            folder[Symbol.dispose]();
          },
        };
      });
    },
  ],
  [
    'over a pair of sockets',
    async () => {
      const folder = temporaryFolder();
      const path = join(folder.path, 'pair.sock');
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(path, resolve));
      return worldOf((host) => ({
        channel: async () => {
          const [ours, theirs] = await pairAt(server, path);
          host.take(new StreamChannel(theirs));
          return new StreamChannel(ours);
        },
        end: () => {
          server.close();
          folder[Symbol.dispose]();
        },
      }));
    },
  ],
];

async function pairAt(server: ReturnType<typeof createServer>, path: string): Promise<readonly [Socket, Socket]> {
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const ours = connect(path);
  const [theirs] = await connected;
  return [ours, theirs];
}

const SIZE = { cols: 100, rows: 30 } as const;

describe.each(KINDS)('a host and its clients %s', (_, open) => {
  test('a client gets the modes in force, the place where it begins, and every byte from there on once', async () => {
    await using world = await open();
    world.print('before\x1b[?2004h\x1b[2 q\x1b[3');
    const client = await world.join();
    client.client.watch();
    await client.hears('watching');
    expect(client.of('watching')).toEqual([
      { type: 'watching', offset: 19, size: { cols: 80, rows: 24 }, modes: '\x1b[?2004h\x1b[2 q' },
    ]);
    for (let at = 0; at < 300; at++) world.print(`line ${at} `.repeat(100));
    const rest = world.recording.bytes.subarray(19);
    await eventually(() => client.bytes.length === rest.length, 'all bytes');
    expect(client.bytes.equals(rest)).toBe(true);
    let next = 19;
    for (const { offset, bytes } of client.frames) {
      expect(offset).toBe(next);
      next += bytes.length;
    }
  });

  test('one that takes nothing costs a bounded memory, and is then sent the end, from an offset that says what it missed', async () => {
    await using world = await open();
    const client = await world.join();
    client.client.watch();
    await client.hears('watching');
    client.client.pause();
    for (let at = 0; at < 24; at++) world.print(Buffer.alloc(1024 * 1024, `${at}\n`));
    client.client.resume();
    const end = world.recording.bytes.length;
    const reached = (): number => (client.frames.at(-1)?.offset ?? 0) + (client.frames.at(-1)?.bytes.length ?? 0);
    await eventually(() => reached() === end, 'the end');
    expect(client.bytes.length).toBeLessThan(16 * 1024 * 1024);
    for (const { offset, bytes } of client.frames)
      expect(bytes.equals(world.recording.bytes.subarray(offset, offset + bytes.length))).toBe(true);
  });

  test('one that asks for the bytes again while it is behind gets those that follow', async () => {
    await using world = await open();
    const client = await world.join();
    client.client.watch();
    await client.hears('watching');
    client.client.pause();
    for (let at = 0; at < 24; at++) world.print(Buffer.alloc(1024 * 1024, `${at}\n`));
    client.client.watch();
    // Heard in its turn.
    client.client.stop();
    await eventually(() => world.recording.calls.length > 0, 'the word behind it');
    world.print('the end');
    client.client.resume();
    await eventually(() => client.bytes.toString('latin1').endsWith('the end'), 'the end');
    expect(client.of('watching')[1]?.offset).toBe(24 * 1024 * 1024);
  });

  test('the first to write takes the size with it, another may take both, and the earlier size returns', async () => {
    await using world = await open();
    const [one, other] = [await world.join(), await world.join()];
    one.client.resize({ cols: 1, rows: 1 });
    one.client.write('if-free', SIZE, 'one');
    await one.hears('writer');
    other.client.write('if-free', { cols: 50, rows: 10 }, 'other');
    await other.hears('writer', 2);
    expect(other.of('writer').at(-1)).toEqual({ type: 'writer', you: false, name: 'one' });
    other.client.write('take', { cols: 50, rows: 10 }, 'other');
    await one.hears('writer', 2);
    expect([one.of('writer').at(-1), one.of('size').at(-1)?.size]).toEqual([
      { type: 'writer', you: false, name: 'other' },
      { cols: 50, rows: 10 },
    ]);
    other.client.resize({ cols: 51, rows: 11 });
    await one.hears('size', 3);
    other.client[Symbol.dispose]();
    await one.hears('writer', 3);
    expect(one.of('writer').at(-1)).toEqual({ type: 'writer', you: false });
    expect(world.recording.calls).toEqual(['resize 100x30', 'resize 50x10', 'resize 51x11', 'resize 80x24']);
    expect(world.recording.causes).toEqual([
      { cause: 'began', client: 'one' },
      { cause: 'taken', client: 'other' },
      { cause: 'terminal', client: 'other' },
      { cause: 'left', client: 'other' },
    ]);
    expect(world.recording.noted).toEqual([
      { type: 'writer', change: 'began', client: 'one', offset: 0, cols: 100, rows: 30 },
      { type: 'writer', change: 'taken', client: 'other', from: 'one', offset: 0, cols: 50, rows: 10 },
      { type: 'writer', change: 'left', client: 'other', offset: 0, cols: 80, rows: 24 },
    ]);
  });

  test('what the writer has typed is noted once it leaves, or the agent ends, without what its terminal sends by itself', async () => {
    await using world = await open();
    const [writer, other] = [await world.join(), await world.join()];
    const typed = (): readonly InputEvent[] => world.recording.noted.filter(({ type }) => type === 'typed');
    for (const client of [writer, other]) {
      client.client.watch();
      await client.hears('watching');
    }
    world.print('12345');
    writer.client.write('if-free', SIZE, 'writer');
    await other.hears('writer', 2);
    writer.client.type(Buffer.from('a b\x1b[A'), () => undefined);
    writer.client.type(Buffer.from('\x1b[1;1R\x1b[I'), () => undefined);
    writer.client.type(Buffer.from('é\r'), () => undefined);
    await eventually(() => Buffer.concat(world.recording.typed).includes('é\r'), 'all that is typed');
    writer.client[Symbol.dispose]();
    await other.hears('writer', 3);
    expect(typed()).toEqual([{ type: 'typed', client: 'writer', offset: 5, bytes: 9 }]);
    other.client.write('take', SIZE, 'other');
    await other.hears('writer', 4);
    other.client.type(Buffer.from('x'), () => undefined);
    await eventually(() => Buffer.concat(world.recording.typed).includes('x'), 'the other types');
    world.recording.over();
    expect(typed()[1]).toEqual({ type: 'typed', client: 'other', offset: 5, bytes: 1 });
  });

  test('what the writer types arrives once and in order, and no faster than the agent takes it; others type in vain', async () => {
    await using world = await open();
    const [writer, other] = [await world.join(), await world.join()];
    writer.client.write('if-free', SIZE, 'writer');
    await other.hears('writer');
    other.client.type(Buffer.from('nothing'), () => undefined);
    await other.settled();
    world.recording.takesInput = false;
    const pasted = Buffer.from(Array.from({ length: 200 }, (_, at) => `${at} `.repeat(2000)).join(''));
    for (let at = 0; at < pasted.length; at += 60_000)
      writer.client.type(pasted.subarray(at, at + 60_000), () => undefined);
    await eventually(() => world.recording.typed.length > 0, 'the first piece');
    await other.settled();
    expect(world.recording.typed.length).toBeLessThan(pasted.length / 60_000);
    world.recording.takesInput = true;
    world.recording.onDrained();
    await eventually(() => Buffer.concat(world.recording.typed).length >= pasted.length, 'all that was pasted');
    expect(Buffer.concat(world.recording.typed).equals(pasted)).toBe(true);
  });

  test('whether reports are listened to is answered by orch alone, whatever the terminal of a writer says', async () => {
    await using world = await open();
    const writer = await world.join();
    writer.client.watch();
    writer.client.write('if-free', SIZE, 'writer');
    writer.client.answer();
    await writer.hears('answers');
    world.print('\x1b[>0q\x1b]7501;?\x07\x1b[c');
    writer.client.type(Buffer.from('\x1bP>|term\x1b\\\x1b]7501;?1\x1b\\\x1b[?62c'), () => undefined);
    await writer.settled();
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b]7501;?1\x1b\\\x1bP>|term\x1b\\\x1b[?62c');
  });

  test('a query is answered once: by orch, or by the terminal of a writer that shows the bytes', async () => {
    await using world = await open();
    const asked = '\x1b[5n';
    world.print(asked);
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b[0n');
    const [writer, other] = [await world.join(), await world.join()];
    for (const { client } of [writer, other]) client.watch();
    other.client.answer();
    writer.client.write('if-free', SIZE, 'writer');
    await other.hears('writer', 2);
    world.print(asked);
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b[0n\x1b[0n');
    writer.client.answer();
    await writer.hears('answers');
    expect(writer.of('answers')).toEqual([{ type: 'answers', offset: 8 }]);
    world.print(asked);
    await other.settled();
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b[0n\x1b[0n');
    expect(other.of('answers')).toEqual([]);
    writer.client.type(Buffer.from('\x1b[0n'), () => undefined);
    await writer.settled();
    writer.client.answer();
    await writer.hears('answers', 2);
    // What its terminal has not answered when it goes is left to orch.
    world.print(asked);
    writer.client[Symbol.dispose]();
    await other.hears('writer', 4);
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b[0n'.repeat(4));
    world.print(asked);
    expect(Buffer.concat(world.recording.typed).toString()).toBe('\x1b[0n'.repeat(5));
  });

  test('clients are asked to leave, the agent to end, and all hear how it ended behind its last byte', async () => {
    await using world = await open();
    const [one, other] = [await world.join(), await world.join()];
    one.client.watch();
    await one.hears('watching');
    other.client.detachOthers();
    other.client.stop();
    await one.hears('detach');
    expect(other.of('detach')).toEqual([]);
    await eventually(() => world.recording.calls.length > 0, 'the stop');
    expect(world.recording.calls).toEqual(['SIGTERM from orch stop']);
    world.print('the last');
    await world.host.end({ code: 7, said: 'orch: failed' }, systemClock);
    await eventually(() => one.isClosed && other.isClosed, 'the end of both');
    expect(one.bytes.toString()).toBe('the last');
    for (const client of [one, other])
      expect(client.words.at(-1)).toEqual({ type: 'end', code: 7, said: 'orch: failed' });
  });

  test('one that speaks another version hears ours, and is let go', async () => {
    await using world = await open();
    const channel = await world.channel();
    const heard: (HostWord | undefined)[] = [];
    const closed = new Promise<void>((resolve) => {
      channel.listen({
        onFrame: (frame) => heard.push(typeof frame === 'string' ? readHostWord(frame) : undefined),
        onClose: resolve,
      });
    });
    channel.send(wordFrame({ type: 'hello', protocol: PROTOCOL + 1, orch: '9.9.9' }));
    channel.send(wordFrame({ type: 'stop' }));
    await closed;
    expect(heard).toEqual([{ type: 'hello', protocol: PROTOCOL, orch: '0.0.0' }]);
    expect(world.recording.calls).toEqual([]);
  });
});

describe('the client for whose terminal an agent is started', () => {
  test('writes, answers and watches from the first byte on, hears which task it is, and its size stays', async () => {
    await using world = worldOf((host) => ({
      channel: () => {
        const [ours, theirs] = memoryChannels();
        host.takeFirst(theirs, { type: 'task', id: 'task-1-1', folder: '/p/task-1-1' });
        return Promise.resolve(ours);
      },
      end: () => undefined,
    }));
    const { recording, host } = world;
    const first = new TestClient(await world.channel());
    first.client.write('take', { cols: 80, rows: 24 }, 'first');
    first.client.watch();
    first.client.answer();
    await first.hears('answers');
    world.print('begun\x1b[5n');
    await first.settled();
    expect(first.words.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'task']);
    expect(first.of('answers')).toEqual([{ type: 'answers', offset: 0 }]);
    expect(first.bytes.toString()).toBe('begun\x1b[5n');
    expect(recording.typed).toEqual([]);
    first.client.resize(SIZE);
    first.client.signal('SIGQUIT');
    await eventually(() => recording.calls.includes('SIGQUIT from outside'), 'the signal');
    host.ring('task-1-1 waiting');
    await first.hears('ring');
    first.client[Symbol.dispose]();
    await eventually(() => recording.noted.some(({ type }) => type === 'writer'), 'its end');
    expect(recording.calls).toEqual(['resize 100x30', 'SIGQUIT from outside']);
  });
});

describe('a channel over a pair of sockets', () => {
  test('gives frames of any bytes whole and in order, whatever pieces they come in, and holds them back while paused', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'pair.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const [ours, theirs] = await pairAt(server, path);
    const receiver = new StreamChannel(theirs);
    const sender = new StreamChannel(ours);
    const frames = ['', 'é'.repeat(70_000), Buffer.alloc(0), Buffer.alloc(300_000, 7), '{"type":"stop"}'];
    const got: (string | Uint8Array)[] = [];
    let closed = false;
    receiver.listen({
      onFrame: (frame) => {
        got.push(typeof frame === 'string' ? frame : Buffer.from(frame));
        // The next comes when this has been dealt with, and not within it.
        receiver.pause();
        const before = got.length;
        setImmediate(() => {
          expect(got).toHaveLength(before);
          receiver.resume();
        });
      },
      onClose: () => {
        closed = true;
      },
    });
    for (const frame of frames) sender.send(frame);
    expect(await receiver.heard).toBe(true);
    await eventually(() => got.length === frames.length, 'all frames');
    expect(got).toEqual(frames);
    sender.close();
    await eventually(() => closed, 'the close');
    server.close();
  });

  test('says where nothing ever came, and ends one that sends a frame beyond the limit', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'pair.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const [silent, listening] = await pairAt(server, path);
    const channel = new StreamChannel(listening);
    silent.destroy();
    expect(await channel.heard).toBe(false);
    const [bad, other] = await pairAt(server, path);
    const closed = new Promise<void>((resolve) => {
      new StreamChannel(other).listen({ onFrame: () => undefined, onClose: resolve });
    });
    bad.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1]));
    await closed;
    server.close();
  });
});

describe('the socket of a host', () => {
  test("is its owner's alone, replaces one whose host was killed, and never one that lives", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'host.sock');
    const { lstatSync } = await import('node:fs');
    const { spawn } = await import('node:child_process');
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('listens'))`;
    const killed = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(killed.stdout, 'data');
    await expect(SocketServer.listen(path, () => undefined)).rejects.toThrow('EADDRINUSE');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const server = await SocketServer.listen(path, () => undefined);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    server[Symbol.dispose]();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});
