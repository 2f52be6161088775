import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/core/agent-state.js';
import type { InputEvent } from '../../src/core/events.js';
import type { TerminalSize } from '../../src/core/terminal/size.js';
import type { Channel } from '../../src/host/channel.js';
import { Host, type HostedRecording } from '../../src/host/host.js';
import { HostClient } from '../../src/host/host-client.js';
import type { Message } from '../../src/host/message.js';
import { type HostWord, PROTOCOL, wordFrame } from '../../src/host/messages.js';
import { SocketServer } from '../../src/host/socket-server.js';
import { MAX_KEPT_BYTES } from '../../src/host/input/text-draft.js';
import { dial } from '../../src/host/web-socket.js';
import { InputQueue } from '../../src/pty/input/input-queue.js';
import type { CurrentStatus } from '../../src/record/run/recording.js';
import { systemClock } from '../../src/core/clock.js';
import { eventually } from '../fixtures/eventually.js';
import { memoryChannels } from '../fixtures/memory-channel.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** An agent that reads as many bytes as the test lets it. */
class FakeAgent implements HostedRecording, Disposable {
  readonly group = 0;
  suspend(): void {}
  goOn(): void {}
  readonly device = '/dev/null';
  readonly size: TerminalSize = { cols: 80, rows: 24 };
  readonly noted: InputEvent[] = [];
  offset = 0;
  #current: CurrentStatus = { status: 'idle', changes: 1 };
  /** What it still reads, bytes. */
  appetite = Infinity;
  /** Prints as many bytes as it has read. */
  onRead: (bytes: Uint8Array) => void = () => undefined;
  readonly #chunks: Buffer[] = [];
  readonly #queue = new InputQueue({
    clock: systemClock,
    write: (bytes) => {
      const taken = Math.min(bytes.length, this.appetite);
      this.appetite -= taken;
      if (taken > 0) this.#chunks.push(Buffer.from(bytes.subarray(0, taken)));
      if (taken > 0) this.onRead(bytes.subarray(0, taken));
      return taken;
    },
  });

  get input(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  is(status: AgentStatus): void {
    this.#current = { status, changes: this.#current.changes + 1 };
  }

  currentStatus(): CurrentStatus {
    return this.#current;
  }

  get inputTaken(): boolean {
    return this.#queue.empty;
  }

  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#queue.push(bytes, onDrained);
  }

  inputWritten(): Promise<boolean> {
    return this.#queue.emptied();
  }

  noteInput(event: InputEvent): void {
    this.noted.push(event);
  }

  onOver(): void {
    // Nothing is noted at its end.
  }

  onHeld(): void {
    // How long a status lasts is another test's.
  }

  read(): ReturnType<HostedRecording['read']> {
    return { type: 'bytes', count: 0 };
  }

  keysTyped(): void {
    // Who types is of no interest here.
  }

  resize(): void {
    // Nor is its size.
  }

  signal(): void {
    // Nor signals.
  }

  /** Its run has ended. */
  [Symbol.dispose](): void {
    this.#queue[Symbol.dispose]();
  }
}

class Sender {
  readonly words: HostWord[] = [];
  readonly client: HostClient;

  constructor(channel: Channel) {
    this.client = new HostClient(channel, {
      onWord: (word) => this.words.push(word),
      onBytes: () => undefined,
      onClose: () => undefined,
    });
    this.client.begin('0.0.0');
  }

  send(text: string, more: Partial<Message> = {}): void {
    this.client.send({ text, keys: ['enter'], isAnswer: false, name: 'a test', ...more });
  }

  /** What has become of the messages so far. */
  get answers(): readonly HostWord[] {
    return this.words.filter(({ type }) => type === 'sent' || type === 'refused');
  }

  async answered(count = 1): Promise<void> {
    await eventually(() => this.answers.length >= count, `${count} answers in ${JSON.stringify(this.words)}`);
  }

  /** The host has heard all that was said to it until now. */
  async settled(): Promise<void> {
    this.client.watch();
    await this.hears('watching');
  }

  async hears(type: HostWord['type']): Promise<void> {
    await eventually(() => this.words.some((word) => word.type === type), `${type} in ${JSON.stringify(this.words)}`);
  }
}

interface World extends Disposable {
  readonly agent: FakeAgent;
  print(text: string): void;
  connect(): Promise<Channel>;
  join(): Promise<Sender>;
}

function worldOf(connect: (host: Host) => Promise<Channel>, end: () => void): World {
  const agent = new FakeAgent();
  const host = new Host(agent, '0.0.0');
  return {
    agent,
    print: (text) => {
      host.show(Buffer.from(text), agent.offset);
      agent.offset += text.length;
    },
    connect: () => connect(host),
    join: async () => {
      const sender = new Sender(await connect(host));
      await sender.hears('hello');
      return sender;
    },
    [Symbol.dispose]: () => {
      agent[Symbol.dispose]();
      host[Symbol.dispose]();
      end();
    },
  };
}

const KINDS: readonly (readonly [string, () => Promise<World>])[] = [
  [
    'in memory',
    () => {
      const connect = (host: Host): Promise<Channel> => {
        const [ours, theirs] = memoryChannels();
        host.take(theirs);
        return Promise.resolve(ours);
      };
      return Promise.resolve(worldOf(connect, () => undefined));
    },
  ],
  [
    'over a socket',
    async () => {
      const folder = temporaryFolder();
      const path = join(folder.path, 'host.sock');
      let take: (channel: Channel) => void = () => undefined;
      const server = await SocketServer.listen(path, (channel) => {
        take(channel);
      });
      const connect = (host: Host): Promise<Channel> => {
        take = (channel) => {
          host.take(channel);
        };
        return dial(path, 30_000);
      };
      return worldOf(connect, () => {
        server[Symbol.dispose]();
        folder[Symbol.dispose]();
      });
    },
  ],
];

/** It leaves, and the host has seen that: who else is there hears that no one writes any more. */
async function leaves({ client }: Sender, witness: Sender): Promise<void> {
  const writer = (): string | undefined => witness.words.findLast((word) => word.type === 'writer')?.name;
  client.write('take', { cols: 80, rows: 24 }, 'one who leaves');
  await eventually(() => writer() === 'one who leaves', 'a writer');
  client[Symbol.dispose]();
  await eventually(() => writer() === undefined, 'no writer');
}

const BRACKETED = '\x1b[?2004h';
const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

describe.each(KINDS)('a message %s', (_, open) => {
  test('is typed plain, or as a bracketed paste where the agent has asked for those, with Enter in a write of its own', async () => {
    using world = await open();
    const reads: string[] = [];
    world.agent.onRead = (bytes) => reads.push(Buffer.from(bytes).toString());
    const sender = await world.join();
    sender.send('one\ntwo\tthree');
    await sender.answered();
    world.print(BRACKETED);
    sender.send('one\r\ntwo');
    await sender.answered(2);
    world.print('\x1b[?2004l');
    sender.send('', { keys: ['up', 'ctrl-c'] });
    await sender.answered(3);
    expect(reads).toEqual(['one\rtwo\tthree', '\r', paste('one\rtwo'), '\r', '\x1b[A', '\x03']);
    expect(sender.answers).toEqual([
      { type: 'sent', offset: 0, changes: 1 },
      { type: 'sent', offset: 8, changes: 1 },
      { type: 'sent', offset: 16, changes: 1 },
    ]);
    const sent = { type: 'send', client: 'a test', answer: false };
    expect(world.agent.noted).toEqual([
      { ...sent, offset: 0, bytes: 13, text: 'one\ntwo\tthree', keys: ['enter'] },
      { ...sent, offset: 8, bytes: 8, text: 'one\r\ntwo', keys: ['enter'] },
      { ...sent, offset: 16, bytes: 0, text: '', keys: ['up', 'ctrl-c'] },
    ]);
  });

  test('of megabytes arrives once, whole and in order, and those of many clients do not mix', async () => {
    using world = await open();
    world.print(BRACKETED);
    world.agent.appetite = 0;
    const senders = await Promise.all(Array.from({ length: 8 }, () => world.join()));
    const texts = senders.map((_sender, at) => `${at}🙂é ${'y'.repeat(at)}\t`.repeat(130_000).slice(0, 1_000_003 + at));
    for (const [at, sender] of senders.entries()) sender.send(texts[at] ?? '', { keys: [] });
    const feeding = setInterval(() => {
      world.agent.appetite = 100_000;
    }, 1);
    await Promise.all(senders.map((sender) => sender.answered()));
    clearInterval(feeding);
    expect(senders.flatMap(({ answers }) => answers.map(({ type }) => type))).toEqual(senders.map(() => 'sent'));
    const typed = world.agent.input;
    expect(typed.length).toBe(texts.reduce((total, text) => total + paste(text).length, 0));
    for (const text of texts) expect(typed.split(paste(text))).toHaveLength(2);
  });

  test('beyond the memory for such is refused, and one that is refused or taken back leaves room for others', async () => {
    using world = await open();
    world.agent.appetite = 0;
    world.agent.type(Buffer.from('before'));
    const [one, other] = [await world.join(), await world.join()];
    one.send('x'.repeat(MAX_KEPT_BYTES));
    await one.answered();
    one.send('x'.repeat(MAX_KEPT_BYTES - 5_000));
    one.send('y'.repeat(10_000));
    await one.answered(2);
    other.send('é'.repeat(3_000));
    await other.answered();
    const reasons = [one, other].map(({ answers }) =>
      answers.map((word) => (word.type === 'refused' ? word.reason : '')),
    );
    expect(reasons).toEqual([['too-long', 'full'], ['full']]);
    await leaves(one, other);
    other.send('z'.repeat(MAX_KEPT_BYTES - 5_000), { keys: [] });
    world.agent.appetite = Infinity;
    await other.answered(2);
    expect(other.answers.at(-1)).toMatchObject({ type: 'sent' });
    expect(world.agent.input).toBe(`before${'z'.repeat(MAX_KEPT_BYTES - 5_000)}`);
  });

  test('whose sender leaves is not typed if it has not begun, and whole if it has', async () => {
    using world = await open();
    world.print(BRACKETED);
    world.agent.appetite = 0;
    world.agent.type(Buffer.from('before'));
    const [early, late, last] = [await world.join(), await world.join(), await world.join()];
    early.send('taken back');
    await leaves(early, last);
    late.send('kept '.repeat(50_000));
    world.agent.appetite = 10_000;
    await late.hears('typing');
    await leaves(late, last);
    last.send('last');
    world.agent.appetite = Infinity;
    await last.answered();
    expect(world.agent.input).toBe(`before${paste('kept '.repeat(50_000))}\r${paste('last')}\r`);
  });

  test('of which only pieces have come, from a client that leaves, is not typed', async () => {
    using world = await open();
    const channel = await world.connect();
    channel.listen({ onFrame: () => undefined, onClose: () => undefined });
    channel.send(wordFrame({ type: 'hello', protocol: PROTOCOL, orch: '0.0.0' }));
    channel.send(wordFrame({ type: 'text', text: 'half of it' }));
    channel.close();
    const other = await world.join();
    other.send('whole');
    await other.answered();
    expect(world.agent.input).toBe('whole\r');
  });

  test('does not come between the keys of the writer, or into a paste that is not over; keys meanwhile come behind it', async () => {
    using world = await open();
    world.print(BRACKETED);
    const [writer, sender] = [await world.join(), await world.join()];
    writer.client.write('take', world.agent.size, 'writer');
    await writer.hears('writer');
    const type = (text: string): void => {
      writer.client.type(Buffer.from(text), () => undefined);
    };
    type('\x1b[20');
    type('0~pasted ');
    await eventually(() => world.agent.input.includes('pasted'), 'the paste');
    sender.send('sent');
    await sender.settled();
    type('in pieces\x1b[201~');
    await sender.hears('typing');
    type('typed');
    await sender.answered();
    await eventually(() => world.agent.input.endsWith('typed'), 'what was typed meanwhile');
    expect(world.agent.input).toBe(`${paste('pasted in pieces')}${paste('sent')}\rtyped`);
    type('\x1b[200~half');
    await eventually(() => world.agent.input.endsWith('half'), 'half a paste');
    sender.send('more');
    writer.client[Symbol.dispose]();
    await sender.answered(2);
    expect(world.agent.input.slice(world.agent.input.indexOf('typed'))).toBe(`typed${paste('half')}${paste('more')}\r`);
  });

  test('is refused where it holds a control character, a key that has no bytes, or nothing', async () => {
    using world = await open();
    const sender = await world.join();
    sender.send('a\x1b[201~b');
    sender.send('x', { keys: ['shift-enter'] });
    sender.send('x', { keys: ['no such'] });
    sender.send('', { keys: [] });
    await sender.answered(4);
    expect(sender.answers).toEqual([
      { type: 'refused', reason: 'character', detail: 'U+001B at character 2' },
      { type: 'refused', reason: 'key', detail: 'shift-enter' },
      { type: 'refused', reason: 'key', detail: 'no such' },
      { type: 'refused', reason: 'empty' },
    ]);
    expect([world.agent.input, world.agent.noted]).toEqual(['', []]);
  });

  test('is an answer just where the agent waits for one when its turn comes', async () => {
    using world = await open();
    const sender = await world.join();
    sender.send('1', { isAnswer: true });
    await sender.answered();
    world.agent.is('waiting');
    sender.send('a prompt');
    await sender.answered(2);
    sender.send('1', { isAnswer: true });
    await sender.answered(3);
    expect(sender.answers).toEqual([
      { type: 'refused', reason: 'no-question', detail: 'idle' },
      { type: 'refused', reason: 'question' },
      { type: 'sent', offset: 0, changes: 2 },
    ]);
    expect(world.agent.input).toBe('1\r');
  });

  test('is refused when the run ends before it is whole, or has', async () => {
    using world = await open();
    const sender = await world.join();
    world.agent.appetite = 10;
    sender.send('x'.repeat(100));
    await sender.hears('typing');
    world.agent[Symbol.dispose]();
    await sender.answered();
    sender.send('later');
    await sender.answered(2);
    expect(sender.answers).toEqual([
      { type: 'refused', reason: 'ended-within' },
      { type: 'refused', reason: 'ended' },
    ]);
  });
});
