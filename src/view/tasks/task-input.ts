import type { EventRecord } from '../../core/events.js';
import { counted } from '../print/format.js';

/** What clients have typed and sent to an agent, as far as it is recorded. */
export interface TaskInput {
  /** Messages of `orch send` and the like. */
  readonly messages: number;
  readonly typedBytes: number;
  /** Those that did, or wrote, by name. */
  readonly clients: readonly string[];
}

/** Undefined where no client had anything to do with it. */
export function inputOf(events: readonly EventRecord[]): TaskInput | undefined {
  const clients = new Set<string>();
  let [messages, typedBytes] = [0, 0];
  for (const event of events) {
    if (event.type !== 'writer' && event.type !== 'send' && event.type !== 'typed') continue;
    clients.add(event.client);
    if (event.type === 'send') messages += 1;
    if (event.type === 'typed') typedBytes += event.bytes;
  }
  return clients.size === 0 ? undefined : { messages, typedBytes, clients: [...clients] };
}

/** The most clients that a line names. */
const NAMED = 5;

/** In a line for people. */
export function inputText({ messages, typedBytes, clients }: TaskInput): string {
  const more = clients.length > NAMED ? ` and ${clients.length - NAMED} more` : '';
  return `${counted(messages, 'message')}, ${counted(typedBytes, 'byte')} typed; by ${clients.slice(0, NAMED).join(', ')}${more}`;
}
