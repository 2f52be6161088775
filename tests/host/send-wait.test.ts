import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentStatus } from '../../src/core/agent-state.js';
import { Host, type HostedRecording } from '../../src/host/host.js';
import { SocketServer } from '../../src/host/socket-server.js';
import { TaskConnection } from '../../src/host/task-connection.js';
import type { CurrentStatus } from '../../src/record/run/recording.js';
import { AgentWatch } from '../../src/record/status/agent-watch.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** An agent whose reports are made by the test, and followed as those of a real one. */
class ReportingAgent implements HostedRecording, Disposable {
  readonly group = 0;
  suspend(): void {}
  goOn(): void {}
  readonly device = '/dev/null';
  readonly size = { cols: 80, rows: 24 };
  readonly offset = 0;
  readonly inputTaken = true;
  readonly clock = new ManualClock();
  onTyped: (text: string) => void = () => undefined;
  #current: CurrentStatus = { status: 'starting', changes: 0 };
  #held: (status: CurrentStatus) => void = () => undefined;
  readonly #watch = new AgentWatch({
    clock: this.clock,
    behaviour: {},
    prompt: undefined,
    size: this.size,
    log: this,
    emit: (event) => {
      if (event.type === 'changed') this.#current = { status: event.state.status, changes: this.#current.changes + 1 };
      if (event.type === 'held') this.#held(this.#current);
    },
  });

  reports(...statuses: readonly AgentStatus[]): void {
    for (const status of statuses) this.#watch.report({ status, source: 'hook' });
  }

  currentStatus(): CurrentStatus {
    return this.#current;
  }

  onHeld(listener: (status: CurrentStatus) => void): void {
    this.#held = listener;
  }

  type(bytes: Uint8Array): boolean {
    this.onTyped(Buffer.from(bytes).toString());
    return true;
  }

  inputWritten(): Promise<boolean> {
    return Promise.resolve(true);
  }

  read(): ReturnType<HostedRecording['read']> {
    return { type: 'bytes', count: 0 };
  }

  keysTyped(): void {
    // Its reports are the test's.
  }

  noteInput(): void {
    // Nothing is recorded.
  }

  onOver(): void {
    // Nothing is noted at its end.
  }

  resize(): void {
    // It has one size.
  }

  signal(): void {
    // It is not ended.
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }
}

async function connected(run: (agent: ReportingAgent, connection: TaskConnection) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  const socket = join(folder.path, 'host.sock');
  const task = new RunningTask(folder.path, { id: 'task-1700000000-1', socket });
  using agent = new ReportingAgent();
  using host = new Host(agent, '0.0.0');
  using server = await SocketServer.listen(socket, (channel) => {
    host.take(channel);
  });
  expect(server).toBeDefined();
  using connection = await TaskConnection.open(task.folder, {
    version: '0.0.0',
    onSlow: () => undefined,
    signal: new AbortController().signal,
  });
  await run(agent, connection);
}

/** Everything the host has said until now has been heard. */
async function settled(connection: TaskConnection): Promise<void> {
  await expect(connection.send({ text: '\x1b', keys: [], isAnswer: false, name: 'a test' })).rejects.toThrow('U+001B');
}

test('200 times the idle of before never answers, whether it has lasted or not, and the next one does', async () => {
  await connected(async (agent, connection) => {
    agent.reports('working', 'idle');
    agent.clock.advance(2000);
    for (let round = 0; round < 200; round++) {
      // Of every two one has not lasted for a second when the text comes.
      if (round % 2 === 1) {
        agent.reports('working', 'idle');
        agent.clock.advance((round * 37) % 1000);
      }
      const sent = await connection.send({ text: '', keys: ['enter'], isAnswer: false, name: 'a test' });
      let isOver = false;
      const held = connection.hold('idle', sent).finally(() => (isOver = true));
      agent.clock.advance(5000);
      if (round % 3 === 0) agent.reports('idle', 'idle');
      agent.clock.advance(5000);
      await settled(connection);
      expect([round, isOver]).toEqual([round, false]);
      agent.reports('working');
      // A turn may be over in no time.
      if (round % 5 !== 0) agent.clock.advance(10 * round);
      agent.reports('idle');
      agent.clock.advance(999);
      await settled(connection);
      expect([round, isOver]).toEqual([round, false]);
      agent.clock.advance(1);
      expect(await held).toBe(true);
    }
  });
});

test('what the agent reports as soon as Enter reaches it is heard', async () => {
  await connected(async (agent, connection) => {
    agent.reports('working', 'idle');
    agent.clock.advance(2000);
    agent.onTyped = (text) => {
      if (text === '\r') agent.reports('working', 'waiting');
    };
    const sent = await connection.send({ text: 'do it', keys: ['enter'], isAnswer: false, name: 'a test' });
    const held = connection.hold('waiting', sent);
    agent.clock.advance(1000);
    expect(await held).toBe(true);
  });
});

test('waiting ends when the connection does', async () => {
  await connected(async (agent, connection) => {
    agent.reports('idle');
    const sent = await connection.send({ text: '', keys: ['enter'], isAnswer: false, name: 'a test' });
    const held = connection.hold('idle', sent);
    connection[Symbol.dispose]();
    expect(await held).toBe(false);
    await expect(connection.send({ text: 'x', keys: [], isAnswer: false, name: 'a test' })).rejects.toThrow(
      'it has closed the connection',
    );
  });
});
