import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { isCount, isOneOf, isShape, isText, isVariantOf } from '../../../src/core/guards.js';
import type * as OpenWorkerModule from '../../../src/core/worker/open-worker.js';
import type { WorkerProtocol } from '../../../src/core/worker/worker-protocol.js';
import { withDeadline } from '../../fixtures/deadline.js';
import { eventually } from '../../fixtures/eventually.js';

/** The built ones: a thread's program is JavaScript. */
const built = (path: string): string => pathToFileURL(join(import.meta.dirname, '../../../dist/core', path)).href;
const { openWorker } = (await import(built('worker/open-worker.js'))) as typeof OpenWorkerModule;

interface Start {
  readonly greeting: string;
}
type Order = { readonly type: 'greet'; readonly name: string } | { readonly type: 'fault'; readonly fault: string };
type Said = { readonly type: 'greeted'; readonly text: string; readonly turn: number };
type Greeter = OpenWorkerModule.WorkerHandle<Order, Said>;

const PROTOCOL: WorkerProtocol<Start, Order, Said> = {
  name: 'the thread that greets',
  data: isShape<Start>({ greeting: isText }),
  request: isVariantOf<Order>({ greet: { name: isText }, fault: { fault: isText } }),
  reply: isVariantOf<Said>({ greeted: { text: isText, turn: isCount } }),
};

/** A thread with the faults that a real one might have, at its start or when it is told to. */
const program = (atStart = ''): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      import { isShape, isText, isVariantOf } from ${JSON.stringify(built('guards.js'))};
      import { serveWorker } from ${JSON.stringify(built('worker/serve-worker.js'))};
      const protocol = {
        name: 'the thread that greets',
        data: isShape({ greeting: isText }),
        request: isVariantOf({ greet: { name: isText }, fault: { fault: isText } }),
      };
      serveWorker(protocol, ({ greeting }, tell) => {
        let turn = 0;
        const held = [];
        ${atStart};
        return (order) => {
          const reply = { type: 'greeted', text: greeting + ', ' + order.name, turn: turn++ };
          if (order.type === 'greet') return order.name === 'later'
            ? new Promise((resolve) => held.push(() => resolve(reply)))
            : order.name === 'nobody' ? undefined : (held.splice(0).forEach((run) => setImmediate(run)), reply);
          switch (order.fault) {
            case 'throw': throw new RangeError('it broke');
            case 'reject': return Promise.reject(new RangeError('it broke'));
            case 'exit': return process.exit(0);
            case 'exit badly': return process.exit(3);
            case 'rubbish': parentPort.postMessage('rubbish'); return undefined;
            case 'wrong reply': return { type: 'greeted', text: 1 };
            case 'reply to nothing': parentPort.postMessage({ id: 1000, content: reply }); return undefined;
            case 'unasked': tell(reply); return undefined;
            case 'hang': for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
          }
        };
      });
    `)}`,
  );

const greet = (name: string): Order => ({ type: 'greet', name });
const fault = (what: string): Order => ({ type: 'fault', fault: what });

/** A thread, what it said unasked, and its failures. */
function open({ atStart, data = { greeting: 'Hello' } }: { atStart?: string; data?: unknown } = {}) {
  const said: Said[] = [];
  const failures: Error[] = [];
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<Error>((resolve) => (failed = resolve));
  const worker = openWorker({
    program: program(atStart),
    protocol: PROTOCOL,
    data: data as Start,
    onFailure: (error) => {
      failures.push(error);
      failed(error);
    },
    onReply: (reply) => said.push(reply),
  });
  opened.push(worker);
  return { worker, said, failures, failure: withDeadline(failure, () => 'the failure') };
}

const opened: Greeter[] = [];
afterEach(() => {
  for (const worker of opened.splice(0)) worker[Symbol.dispose]();
});

const answer = (worker: Greeter, order: Order, signal?: AbortSignal): Promise<Said> =>
  withDeadline(worker.ask(order, signal), () => 'the answer');

describe('a thread', () => {
  test('is given what it starts with, and answers', async () => {
    const { worker, failures } = open();
    expect(await answer(worker, greet('Ann'))).toEqual({ type: 'greeted', text: 'Hello, Ann', turn: 0 });
    expect(failures).toEqual([]);
  });

  test('answers each request with its own reply, in whatever order they come', async () => {
    const { worker } = open();
    const late = answer(worker, greet('later'));
    const soon = answer(worker, greet('Ann'));
    expect(worker.pending).toBe(2);
    const first = await Promise.race([late, soon]);
    expect(first.turn).toBe(1);
    expect((await late).turn).toBe(0);
    expect(worker.pending).toBe(0);
  });

  test('takes what is not answered, and says things unasked, in order', async () => {
    const { worker, said } = open();
    worker.tell(greet('nobody'));
    for (let turn = 0; turn < 20; turn++) worker.tell(fault('unasked'));
    await answer(worker, greet('Ann'));
    expect(said.map(({ turn }) => turn)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  test('counts what it was asked and has not answered, so that others can hold back', async () => {
    const { worker } = open();
    const asked = Array.from({ length: 30 }, (_, at) => worker.ask(greet(String(at))));
    worker.tell(greet('Bob'));
    expect(worker.pending).toBe(30);
    await withDeadline(Promise.all(asked), () => 'the answers');
    expect(worker.pending).toBe(0);
  });

  test('that never replies is waited for only as long as somebody wants to wait', async () => {
    const { worker, failures } = open();
    const patience = new AbortController();
    const reply = answer(worker, fault('hang'), patience.signal);
    const seen = expect(reply).rejects.toThrow('enough');
    patience.abort(new Error('enough'));
    await seen;
    expect(worker.pending).toBe(0);
    expect(failures).toEqual([]);
    await expect(answer(worker, greet('Ann'), patience.signal)).rejects.toThrow('enough');
  });

  test('whose answer nobody waits for any more goes on answering others', async () => {
    const { worker, failures } = open();
    const patience = new AbortController();
    const seen = expect(answer(worker, greet('later'), patience.signal)).rejects.toThrow('aborted');
    patience.abort();
    await seen;
    expect((await answer(worker, greet('Ann'))).turn).toBe(1);
    expect((await answer(worker, greet('Bob'))).turn).toBe(2);
    expect(failures).toEqual([]);
  });

  test('that was ended rejects what it was asked and will be, and is no failure', async () => {
    const { worker, failures } = open();
    const seen = expect(answer(worker, fault('hang'))).rejects.toThrow('the thread that greets was ended');
    worker[Symbol.dispose]();
    worker[Symbol.dispose]();
    await seen;
    worker.tell(greet('nobody'));
    await expect(answer(worker, greet('Ann'))).rejects.toThrow('was ended');
    expect(failures).toEqual([]);
  });

  test('may end when it has answered all it was asked', async () => {
    const { worker, failures } = open();
    worker.tell(fault('exit'));
    // A question that nobody waits for is refused before it is asked; once the thread has ended, for that reason.
    let refused = '';
    await eventually(() => {
      worker.ask(greet('Ann'), AbortSignal.abort()).catch((error: unknown) => (refused = String(error)));
      return refused.includes('the thread that greets ended early');
    }, 'the end of the thread');
    expect(failures).toEqual([]);
  });
});

describe('a thread that fails', () => {
  test.each([
    ['throws', 'throw', 'it broke'],
    ['rejects', 'reject', 'it broke'],
    ['ends without an answer', 'exit', 'the thread that greets ended early'],
    ['ends with an exit code', 'exit badly', 'the thread that greets ended early'],
    ['says rubbish', 'rubbish', 'the thread that greets sent an unknown message'],
    ['says what is no reply', 'wrong reply', 'the thread that greets sent an unknown message'],
    ['answers what nobody asked', 'reply to nothing', 'the thread that greets sent an unknown message'],
  ])('as it %s tells that once, and rejects all it was asked and will be', async (_, what, message) => {
    const { worker, failures, failure } = open();
    const questions = [worker.ask(greet('later')), worker.ask(fault(what)), worker.ask(greet('Ann'))];
    const settled = await withDeadline(Promise.allSettled(questions), () => 'the answers');
    const error = await failure;
    expect(error.message).toBe(message);
    expect(settled[0]).toEqual({ status: 'rejected', reason: error });
    expect(settled[1]).toEqual({ status: 'rejected', reason: error });
    await expect(answer(worker, greet('Bob'))).rejects.toBe(error);
    worker.tell(greet('nobody'));
    expect(worker.pending).toBe(0);
    expect(failures).toEqual([error]);
  });

  test.each([
    ['throws at its start', { atStart: "throw new Error('no start')" }, 'no start'],
    ['ends at its start', { atStart: 'process.exit(1)' }, 'ended early'],
    ['cannot be parsed', { atStart: 'a b c' }, 'Unexpected identifier'],
    ['is started with what is no data of it', { data: { greeting: 1 } }, 'was not started as it has to be'],
    ['is started with what cannot be sent', { data: { greeting: () => 'Hello' } }, 'could not be cloned'],
  ])('because it %s tells that to whoever asked', async (_, options, message) => {
    const { worker, failures, failure } = open(options);
    const seen = expect(answer(worker, greet('Ann'))).rejects.toThrow(message);
    expect((await failure).message).toContain(message);
    await seen;
    expect(failures).toHaveLength(1);
  });

  test('because it is told what it does not understand says so', async () => {
    const { worker, failure } = open();
    worker.tell({ type: 'dance' } as unknown as Order);
    expect((await failure).message).toBe('the thread that greets was sent an unknown message');
  });
});

describe('a guard', () => {
  test('of variants takes each with its own properties, and nothing else', () => {
    const { request } = PROTOCOL;
    expect([greet('a'), fault('b')].map(request)).toEqual([true, true]);
    expect(
      [undefined, null, 1, [], {}, { type: 'greet' }, { type: 'greet', name: 1 }, { type: 'toString' }].map(request),
    ).toEqual(Array.from({ length: 8 }, () => false));
    expect([1, 'a', null, undefined].map(isOneOf(1, null))).toEqual([true, false, true, false]);
  });
});
