/** Many clients of one task, some of which are slow, or stopped. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DetachedTask } from '../fixtures/detached-task.js';
import { eventually } from '../fixtures/eventually.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

const COUNT = 20;
const FLOOD = 'echo ready; read -r go; seq 1 6000000; echo over; read -r end; exit 7';

/** The most memory that a process has had, MB. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
}

test.skipIf(process.platform !== 'linux')(
  'twenty watch on terminals of any size, which changes no size; one that is stopped costs a bounded memory, and catches up',
  async () => {
    await using world = new DetachedTask();
    await world.startReady('--size', '80x24', '--', 'sh', '-c', FLOOD);
    const { id, pid } = world.task.manifest;
    const clients: TestTerminal[] = [];
    const attach = async (cols: number, rows: number): Promise<TestTerminal> => {
      const client = openOrch(['attach', '--dir', world.path], { cols, rows });
      clients.push(client);
      await client.waitFor('ready');
      return client;
    };
    try {
      const stopped = await attach(80, 24);
      for (let at = 1; at < COUNT; at++) await (at % 4 === 0 ? attach(80, 24) : attach(40 + 7 * at, 10 + 3 * at));
      clients[3]?.resize(80, 24);
      clients[4]?.resize(20, 5);
      stopped.kill('SIGSTOP');
      expect((await world.orch(['send', id, 'go'])).code).toBe(0);
      await eventually(() => world.task.log.subarray(-20).includes('over'), 'the end of the flood', 120_000);
      expect(peakOf(pid)).toBeLessThan(200);
      stopped.kill('SIGCONT');
      for (const client of clients) await client.waitFor('over', 120_000);
      expect(world.task.events.filter(({ type }) => type === 'resize')).toEqual([]);
      // It has left out what would have scrolled by unread, and shows the end.
      expect(stopped.bytes.length).toBeLessThan(world.task.log.length / 2);
      expect((await world.orch(['send', id, 'end'])).code).toBe(0);
      for (const client of clients) expect(await client.end()).toEqual({ code: 7 });
    } finally {
      for (const client of clients) await client[Symbol.asyncDispose]();
    }
  },
);
