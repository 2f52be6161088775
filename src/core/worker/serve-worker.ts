import { parentPort, workerData } from 'node:worker_threads';
import { type Envelope, openEnvelope, type WorkerProtocol } from './worker-protocol.js';

/** Answers a request; undefined where it has no answer, or where `tell` sends one later. */
export type Serve<Request, Reply> = (request: Request) => Reply | Promise<Reply> | undefined;

/**
 * The inside of a thread that `openWorker` started. `start` gets the thread's data, and `tell`, which sends a
 * message that answers no request. It returns the handler of requests; without one the thread ends when its work is done.
 * An error that is thrown, or a rejection, ends the thread, and is passed to `onFailure`.
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
    if (request === undefined) throw new TypeError(`${name} was sent an unknown message`);
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
