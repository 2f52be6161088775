import type { MessageBlock, ResultEvent, SpokenKind, StreamEvent } from './events.js';
import { contentText, type Fields, fields, list, number, text, total } from './fields.js';

/**
 * Reads the lines of one `pi --mode json`, one after the other. It prints no line that says how the session went, and ends with 0 after
 * an error, too: the last message of the model says it, once pi has settled.
 */
export function piReader(): (line: unknown) => StreamEvent | undefined {
  const session = new PiSession();
  return (line) => session.read(fields(line));
}

class PiSession {
  readonly #messages: Fields[] = [];

  read(event: Fields): StreamEvent | undefined {
    switch (event['type']) {
      case 'session':
        return { type: 'init', model: undefined, session: text(event['id']), cwd: text(event['cwd']) };
      case 'message_start':
        return isModels(event) ? { type: 'message-start', message: undefined } : undefined;
      case 'message_update':
        return readUpdate(fields(event['assistantMessageEvent']));
      case 'message_end':
        return isModels(event) ? this.#message(fields(event['message'])) : undefined;
      case 'tool_execution_end':
        return readResult(event);
      case 'auto_retry_start':
        return {
          type: 'retry',
          attempt: number(event['attempt']),
          attempts: number(event['maxAttempts']),
          delayMs: number(event['delayMs']),
          why: text(event['errorMessage']) ?? '',
        };
      case 'agent_settled':
        return this.#end();
      default:
        return undefined;
    }
  }

  #message(message: Fields): StreamEvent {
    this.#messages.push(message);
    return {
      type: 'assistant',
      message: undefined,
      parent: undefined,
      isError: false,
      blocks: list(message['content']).flatMap(readBlock),
    };
  }

  #end(): ResultEvent {
    const last = this.#messages.at(-1) ?? {};
    const usages = this.#messages.map((message) => fields(message['usage']));
    const sum = (...keys: readonly string[]): number | undefined =>
      total(usages.flatMap((usage) => keys.map((key) => usage[key])));
    const isError = FAILURES.has(last['stopReason']) || this.#messages.length === 0;
    return {
      type: 'result',
      isError,
      reason: isError ? (text(last['errorMessage']) ?? text(last['stopReason'])) : undefined,
      httpStatus: undefined,
      text: '',
      errors: [],
      denied: [],
      turns: this.#messages.length,
      durationMs: undefined,
      costUsd: total(usages.map((usage) => fields(usage['cost'])['total'])),
      tokensIn: sum('input', 'cacheRead', 'cacheWrite'),
      tokensOut: sum('output'),
    };
  }
}

const FAILURES: ReadonlySet<unknown> = new Set(['error', 'aborted']);

/** Whether a message is the model's, and neither the user's nor a tool's. */
function isModels(event: Fields): boolean {
  return fields(event['message'])['role'] === 'assistant';
}

function readUpdate(update: Fields): StreamEvent | undefined {
  const kind = DELTAS.get(update['type']);
  const spoken = kind && text(update['delta']);
  if (kind && spoken) return { type: 'delta', index: number(update['contentIndex']) ?? 0, kind, text: spoken };
  return update['type'] === 'toolcall_start' ? { type: 'tool-start', name: text(update['toolName']) ?? '' } : undefined;
}

const DELTAS: ReadonlyMap<unknown, SpokenKind> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
]);

function readBlock(value: unknown): MessageBlock[] {
  const block = fields(value);
  switch (block['type']) {
    case 'text':
    case 'thinking': {
      const spoken = text(block[block['type']]);
      return spoken ? [{ type: block['type'], text: spoken }] : [];
    }
    case 'toolCall':
      return [
        { type: 'call', id: text(block['id']), name: text(block['name']) ?? '', input: fields(block['arguments']) },
      ];
    default:
      return [];
  }
}

function readResult(event: Fields): StreamEvent {
  const result = {
    call: text(event['toolCallId']),
    text: contentText(fields(event['result'])['content']),
    isError: event['isError'] === true,
  };
  return { type: 'tool-results', parent: undefined, results: [result] };
}
