import type { Transferable } from 'node:worker_threads';
import { type Guard, isCount, isRecord } from '../guards.js';

/**
 * What a thread is given and what it says, declared once and imported by both sides; each checks what comes from the other
 * with these guards before it believes the types.
 */
export interface WorkerProtocol<Data, Request, Reply> {
  /** What the thread is, for messages: "the thread that hashes the log". */
  readonly name: string;
  readonly data: Guard<Data>;
  readonly request: Guard<Request>;
  readonly reply: Guard<Reply>;
  /** What of a reply is its receiver's alone from then on: it changes hands, and is not copied. */
  readonly transfer?: (reply: Reply) => readonly Transferable[];
}

/** What goes through the port in either direction. With an id: a request that is to be answered, or the reply to it. */
export interface Envelope<Content> {
  readonly id?: number;
  readonly content: Content;
}

/** What `message` holds, if that is something that `guard` knows. */
export function openEnvelope<Content>(message: unknown, guard: Guard<Content>): Envelope<Content> | undefined {
  if (!isRecord(message)) return undefined;
  const { id, content } = message;
  if ((id !== undefined && !isCount(id)) || !guard(content)) return undefined;
  return id === undefined ? { content } : { id, content };
}
