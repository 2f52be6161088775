import { parentPort, workerData } from 'node:worker_threads';
import { type Envelope, openEnvelope, type WorkerProtocol } from './worker-protocol.js';

/** Answers a request; undefined where it has no answer, or none yet and `tell` says it later. */
export type Serve<Request, Reply> = (request: Request) => Reply | Promise<Reply> | undefined;

/**
 * The inside of a thread that `openWorker` started. `start` is given what the thread was started with, and `tell`, which says
 * something unasked; without what it returns the thread takes no requests, and ends when it has nothing more to do. What is
 * thrown, or rejected, ends the thread, and is what its `onFailure` is told.
 */
export function serveWorker<Data, Request, Reply>(
  { name, data, request: isRequest, transfer }: WorkerProtocol<Data, Request, Reply>,
  start: (data: Data, tell: (reply: Reply) => void) => Serve<Request, Reply> | undefined,
): void {
  const port = parentPort;
  const given: unknown = workerData;
  if (port === null || !data(given)) throw new TypeError(`${name} was not started as it has to be`);
  const post = (envelope: Envelope<Reply>): void => {
    port.postMessage(envelope, transfer?.(envelope.content));
  };
  const serve = start(given, (content) => {
    post({ content });
  });
  if (serve === undefined) return;
  port.on('message', (message: unknown) => {
    const request = openEnvelope(message, isRequest);
    if (request === undefined) throw new TypeError(`${name} got a message that its protocol does not know`);
    const reply = serve(request.content);
    const { id } = request;
    if (id === undefined || reply === undefined) return;
    if (reply instanceof Promise)
      void reply.then((content) => {
        post({ id, content });
      });
    else post({ id, content: reply });
  });
}
