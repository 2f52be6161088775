import { getBuiltinModule } from 'node:process';
import type { ResourceLimits, Transferable, Worker } from 'node:worker_threads';
import { THREAD_OPTIONS } from '../process/thread-options.js';
import { type Envelope, openEnvelope, type WorkerProtocol } from './worker-protocol.js';

export interface WorkerOptions<Data, Request, Reply> {
  /** What it runs: a file that calls `serveWorker` with the same protocol. */
  readonly program: URL;
  readonly protocol: WorkerProtocol<Data, Request, Reply>;
  readonly data: Data;
  /**
   * Called once, never while `openWorker` runs, when the thread could not be started,
   * threw, ended with requests pending, or sent a message outside of its protocol. No reply comes after that, and
   * all requests, pending and later ones, are rejected with the same error.
   */
  readonly onFailure: (error: Error) => void;
  /** Called with each message of the thread that answers no request, in order. */
  readonly onReply?: (reply: Reply) => void;
  /** The process ends although the thread still runs. */
  readonly unref?: true;
  readonly resourceLimits?: ResourceLimits;
}

/** The outside of a thread. Disposing of it ends the thread at once, and rejects pending requests. */
export interface WorkerHandle<Request, Reply> extends Disposable {
  /** The number of requests not answered yet, by which a caller can hold back. */
  readonly pending: number;
  /** Sends a request without an answer. `transfer`: memory that moves to the thread instead of being copied. */
  tell(request: Request, transfer?: readonly Transferable[]): void;
  /** Resolves with the reply; replies may come in any order. Rejects when the thread fails or `signal` aborts. */
  ask(request: Request, signal?: AbortSignal): Promise<Reply>;
}

/** Starts a thread. Every thread of orch is started here, and its messages arrive here. */
export function openWorker<Data, Request, Reply>(
  options: WorkerOptions<Data, Request, Reply>,
): WorkerHandle<Request, Reply> {
  return new OpenWorker(options);
}

interface Question<Reply> {
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

class OpenWorker<Data, Request, Reply> implements WorkerHandle<Request, Reply> {
  readonly #options: WorkerOptions<Data, Request, Reply>;
  readonly #worker: Worker | undefined;
  readonly #questions = new Map<number, Question<Reply>>();
  #nextId = 0;
  /** Why the thread has ended; undefined while it runs. */
  #over: Error | undefined;

  constructor(options: WorkerOptions<Data, Request, Reply>) {
    this.#options = options;
    try {
      this.#worker = this.#start();
    } catch (error) {
      queueMicrotask(() => {
        this.#fail(asError(error));
      });
    }
  }

  get pending(): number {
    return this.#questions.size;
  }

  tell(request: Request, transfer?: readonly Transferable[]): void {
    this.#post({ content: request }, transfer);
  }

  ask(request: Request, signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) throw this.#over;
      signal?.throwIfAborted();
      const id = this.#nextId++;
      const abandon = (): void => {
        this.#questions.delete(id);
        reject(asError(signal?.reason));
      };
      const settled = (): void => signal?.removeEventListener('abort', abandon);
      this.#post({ id, content: request });
      signal?.addEventListener('abort', abandon, { once: true });
      this.#questions.set(id, {
        resolve: (reply) => {
          settled();
          resolve(reply);
        },
        reject: (error) => {
          settled();
          reject(asError(error));
        },
      });
    });
  }

  [Symbol.dispose](): void {
    this.#end(new Error(`${this.#options.protocol.name} was ended`));
  }

  #start(): Worker {
    const { program, protocol, data, resourceLimits } = this.#options;
    // Loaded by the first thread: it would take a millisecond of every start.
    const { Worker: Thread } = getBuiltinModule('node:worker_threads');
    const worker = new Thread(program, {
      ...THREAD_OPTIONS,
      workerData: data,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    worker.on('message', (message) => {
      this.#hear(message);
    });
    worker.on('messageerror', (error) => {
      this.#fail(error);
    });
    worker.on('error', (error) => {
      this.#fail(asError(error));
    });
    worker.on('exit', (code) => {
      const early = new Error(`${protocol.name} ended early`);
      // A thread without pending requests may end.
      if (this.pending === 0 && code === 0) this.#end(early);
      else this.#fail(early);
    });
    if (this.#options.unref) worker.unref();
    return worker;
  }

  #post(envelope: Envelope<Request>, transfer?: readonly Transferable[]): void {
    if (this.#over === undefined) this.#worker?.postMessage(envelope, transfer);
  }

  #hear(message: unknown): void {
    if (this.#over !== undefined) return;
    const { protocol, onReply } = this.#options;
    const reply = openEnvelope(message, protocol.reply);
    if (reply === undefined || (reply.id ?? -1) >= this.#nextId) {
      this.#fail(new Error(`${protocol.name} sent an unknown message`));
    } else if (reply.id === undefined) onReply?.(reply.content);
    else {
      // An aborted request has no listener any more.
      const question = this.#questions.get(reply.id);
      this.#questions.delete(reply.id);
      question?.resolve(reply.content);
    }
  }

  #fail(error: Error): void {
    if (this.#over !== undefined) return;
    this.#end(error);
    this.#options.onFailure(error);
  }

  #end(why: Error): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    void this.#worker?.terminate();
    for (const question of this.#questions.values()) question.reject(why);
    this.#questions.clear();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
