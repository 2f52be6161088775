import type { Answer, Conversation, ErrorStatus } from './scenarios.js';

/** How agents and models talk: what a request says, and how an answer is put. */
export interface Protocol {
  /** The path it is asked at. */
  readonly path: string;
  read(body: unknown): ModelRequest;
  /** The answer piece by piece, each an event of the stream. */
  stream(answer: StreamedAnswer): Iterable<string>;
  error(status: ErrorStatus, message: string): unknown;
}

export type StreamedAnswer = Exclude<Answer, { readonly type: 'error' }>;

export interface ModelRequest extends Omit<Conversation, 'refusals'> {
  /** The names of the tools the model may call. None: the agent asks for a title or the like. */
  readonly tools: readonly string[];
}

/** An event of a `text/event-stream`. */
export function sse(data: unknown, event?: string): string {
  const json = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${json}\n\n`;
}
