import { errors } from '../core/errors.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { type ConnectOptions, connectToHost } from './connect-to-host.js';
import type { HostClient } from './host-client.js';
import type { Message } from './message.js';
import type { HostWord } from './messages.js';

/** The moment at which a message had reached the agent's terminal whole. */
export interface Sent {
  /** Bytes that the agent had printed until then. */
  readonly offset: number;
  /** How often its status had changed until then. */
  readonly changes: number;
}

/** A status that has held for a second. */
interface HeldStatus {
  readonly status: string;
  readonly changes: number;
}

/** What a host says of its task without being asked. */
export type TaskEvent = Extract<HostWord, { readonly type: 'status' | 'writer' | 'size' | 'detach' | 'end' }>;

interface Sending {
  readonly onTyping: () => void;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to the host of a running task, for what is done to it without a terminal. */
export class TaskConnection implements Disposable {
  readonly task: TaskFolder;
  /** Resolves when the host has gone, or has closed the connection. */
  readonly closed: Promise<void>;
  #close: () => void = () => undefined;
  #host: HostClient | undefined;
  #isOver = false;
  /** Messages whose answer has not come, in their order. */
  readonly #sending: Sending[] = [];
  #held: HeldStatus | undefined;
  readonly #onEvent: (event: TaskEvent) => void;
  /** Who waits for a status, or for the end. */
  #waiting: (() => void)[] = [];

  private constructor(task: TaskFolder, onEvent: (event: TaskEvent) => void) {
    this.task = task;
    this.#onEvent = onEvent;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** @throws OrchError as {@link connectToHost} */
  static async open(
    task: TaskFolder,
    options: Omit<ConnectOptions, 'events'>,
    onEvent: (event: TaskEvent) => void = () => undefined,
  ): Promise<TaskConnection> {
    const connection = new TaskConnection(task, onEvent);
    const events = {
      onWord: (word: HostWord): void => {
        connection.#hear(word);
      },
      onClose: (): void => {
        connection.#end();
      },
    };
    connection.#host = await connectToHost(task, { ...options, events });
    return connection;
  }

  /**
   * Sends a message, and resolves when it has reached the agent's terminal whole. Until `onTyping` is called nothing of it has, and
   * leaving takes it back.
   *
   * @throws OrchError SEND_REFUSED, HOST_UNREACHABLE
   */
  send(message: Message, onTyping: () => void = () => undefined): Promise<Sent> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(this.#lost());
        return;
      }
      this.#sending.push({ onTyping, resolve, reject });
      this.#host?.send(message);
    });
  }

  /**
   * Resolves when a status to which the agent has changed behind `sent` has held for a second, and is `wanted`; with false when the
   * run has ended, or the host has gone.
   */
  async hold(wanted: string, sent: Sent): Promise<boolean> {
    const isReached = (): boolean => this.#held?.status === wanted && this.#held.changes > sent.changes;
    while (!this.#isOver && !isReached()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return isReached();
  }

  /** Asks all terminals to leave. */
  detachOthers(): void {
    this.#host?.detachOthers();
  }

  /** Has the agent ended, as SIGTERM to its recorder would. */
  stop(): void {
    this.#host?.stop();
  }

  /** Leaves: what the host has said until then still comes, then `closed`. */
  [Symbol.dispose](): void {
    this.#host?.[Symbol.dispose]();
  }

  #hear(word: HostWord): void {
    switch (word.type) {
      case 'typing':
        this.#sending[0]?.onTyping();
        return;
      case 'sent':
        this.#sending.shift()?.resolve(word);
        return;
      case 'refused':
        this.#sending.shift()?.reject(refusal(this.task.id, word.reason, word.detail));
        return;
      case 'status':
        this.#held = word;
        this.#onEvent(word);
        this.#wake();
        return;
      case 'end':
        for (const { reject } of this.#sending.splice(0)) reject(refusal(this.task.id, 'ended'));
        this.#onEvent(word);
        return;
      case 'writer':
      case 'size':
      case 'detach':
        this.#onEvent(word);
        return;
      case 'hello':
      case 'stopped':
      case 'watching':
      case 'answers':
      case 'task':
      case 'ring':
        return;
    }
  }

  #end(): void {
    this.#isOver = true;
    for (const { reject } of this.#sending.splice(0)) reject(this.#lost());
    this.#wake();
    this.#close();
  }

  #lost(): Error {
    return errors.hostUnreachable(this.task.id, 'it has closed the connection');
  }

  #wake(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}

function refusal(task: string, reason: string, detail?: string): Error {
  return reason === 'ended-within' ? errors.sendCutOff(task) : errors.sendRefused(task, reason, detail);
}
