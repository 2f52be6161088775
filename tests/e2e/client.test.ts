import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type * as Client from '../../src/host/index.js';
import { eventually } from '../fixtures/eventually.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const LIBRARY = pathToFileURL(join(import.meta.dirname, '../../dist/host/index.js')).href;

test('a program attaches to a task, sends to it, hears of it and stops it by the library, as the commands do', async () => {
  const { attachToTask, connectToTask } = (await import(LIBRARY)) as typeof Client;
  using folder = temporaryFolder();
  const dir = join(folder.path, '.agent');
  const script = 'echo ready; while read -r line; do echo "<$line>"; done';
  expect((await runOrch(['run', '-d', '--dir', dir, '--name', 'mine', '--', 'sh', '-c', script])).code).toBe(0);

  let seen = '';
  const words: Client.HostWord['type'][] = [];
  const viewer = await attachToTask(
    'mine',
    {
      onBytes: ({ bytes }) => (seen += Buffer.from(bytes).toString()),
      onWord: ({ type }) => words.push(type),
    },
    { dir },
  );
  viewer.watch();
  await eventually(() => words.includes('watching'), 'the place where the bytes begin');
  const events: Client.TaskEvent[] = [];
  const task = await connectToTask('latest', { dir, onEvent: (event) => events.push(event) });
  const { offset } = await task.send({ text: 'one\ntwo', keys: ['enter'], isAnswer: false, name: 'a program' });
  expect(offset).toBeGreaterThan(0);
  await eventually(() => seen.includes('<one>') && seen.includes('<two>'), 'what was sent');
  viewer.write('if-free', { cols: 90, rows: 20 }, 'a viewer');
  await eventually(() => events.some((event) => event.type === 'writer' && event.name === 'a viewer'), 'the writer');
  viewer.type(Buffer.from('typed\r'), () => undefined);
  await eventually(() => seen.includes('<typed>'), 'what was typed');
  await expect(task.send({ text: '1', keys: [], isAnswer: true, name: 'a program' })).rejects.toMatchObject({
    code: 'SEND_REFUSED',
  });
  task.stop();
  await task.closed;
  expect(events.at(-1)).toMatchObject({ type: 'end', code: 143 });
  await expect(connectToTask('mine', { dir })).rejects.toMatchObject({ code: 'TASK_NOT_RUNNING' });
  await expect(attachToTask('other', {}, { dir })).rejects.toMatchObject({ code: 'NO_SUCH_TASK' });
});
