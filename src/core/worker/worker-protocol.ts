import type { Transferable } from 'node:worker_threads';
import { type Guard, isCount, isRecord } from '../guards.js';

/**
 * The messages to and from a thread, declared once and imported by both sides; each checks what comes from the other
 * with these guards before it trusts the types.
 */
export interface WorkerProtocol<Data, Request, Reply> {
  /** The thread's name in error messages: "the thread that hashes the log". */
  readonly name: string;
  readonly data: Guard<Data>;
  readonly request: Guard<Request>;
  readonly reply: Guard<Reply>;
  /** The memory of a reply that moves to the receiver instead of being copied. */
  readonly transfer?: (reply: Reply) => readonly Transferable[];
}

/** A message in either direction. With an id: a request that expects a reply, or that reply. */
export interface Envelope<Content> {
  readonly id?: number;
  readonly content: Content;
}

/** The content of `message`; undefined where `guard` refuses it. */
export function openEnvelope<Content>(message: unknown, guard: Guard<Content>): Envelope<Content> | undefined {
  if (!isRecord(message)) return undefined;
  const { id, content } = message;
  if ((id !== undefined && !isCount(id)) || !guard(content)) return undefined;
  return id === undefined ? { content } : { id, content };
}
