import type { ResultEvent, StreamEvent, ToolCall } from './events.js';
import { type Fields, fields, list, number, text } from './fields.js';

/**
 * Reads the lines of one `copilot -p --output-format json`, one after the other. The last one has an exit code alone; why it failed, and
 * what was refused, is in those before.
 */
export function copilotReader(): (line: unknown) => StreamEvent | undefined {
  const session = new CopilotSession();
  return (line) => session.read(fields(line));
}

class CopilotSession {
  readonly #tools = new Map<string, string>();
  readonly #denied: string[] = [];
  #turns = 0;
  #error: string | undefined;
  /** The last request that failed. */
  #failure: Fields = {};

  read(event: Fields): StreamEvent | undefined {
    const data = fields(event['data']);
    switch (event['type']) {
      case 'session.tools_updated':
        return { type: 'init', model: text(data['model']), session: undefined, cwd: undefined };
      case 'assistant.turn_start':
        this.#turns += 1;
        return undefined;
      case 'assistant.message_start':
        return { type: 'message-start', message: text(data['messageId']) };
      case 'assistant.message_delta': {
        const spoken = text(data['deltaContent']);
        return spoken ? { type: 'delta', index: 0, kind: 'text', text: spoken } : undefined;
      }
      case 'assistant.message':
        return this.#message(data);
      case 'tool.execution_complete':
        return this.#toolEnd(data);
      case 'model.call_failure':
        this.#failure = data;
        return undefined;
      case 'assistant.turn_retry':
        return this.#retry(data);
      case 'session.error':
        this.#error = text(data['message']);
        return undefined;
      case 'result':
        return this.#result(event);
      default:
        return undefined;
    }
  }

  #message(data: Fields): StreamEvent {
    const calls = list(data['toolRequests']).map((request) => readCall(fields(request)));
    for (const { id, name } of calls) if (id !== undefined) this.#tools.set(id, name);
    const spoken = text(data['content']);
    return {
      type: 'assistant',
      message: text(data['messageId']),
      parent: text(data['parentToolCallId']),
      isError: false,
      blocks: [...(spoken ? [{ type: 'text', text: spoken } as const] : []), ...calls],
    };
  }

  #toolEnd(data: Fields): StreamEvent {
    const call = text(data['toolCallId']);
    const error = fields(data['error']);
    if (error['code'] === 'denied') this.#denied.push(this.#tools.get(call ?? '') ?? 'a tool');
    const isError = data['success'] !== true;
    const said = text(isError ? error['message'] : fields(data['result'])['content']) ?? '';
    return {
      type: 'tool-results',
      parent: text(data['parentToolCallId']),
      results: [{ call, text: said, isError }],
    };
  }

  #retry(data: Fields): StreamEvent {
    const failed = number(this.#failure['retryAttempt']);
    const why = [number(this.#failure['statusCode']), text(data['reason'])].filter((value) => value !== undefined);
    return {
      type: 'retry',
      attempt: failed === undefined ? undefined : failed + 1,
      attempts: undefined,
      delayMs: undefined,
      why: why.join(' '),
    };
  }

  #result(event: Fields): ResultEvent {
    const isError = event['exitCode'] !== 0;
    return {
      type: 'result',
      isError,
      reason: isError ? this.#error : undefined,
      httpStatus: undefined,
      text: '',
      errors: [],
      denied: this.#denied,
      turns: this.#turns,
      durationMs: number(fields(event['usage'])['sessionDurationMs']),
      costUsd: undefined,
      tokensIn: undefined,
      tokensOut: undefined,
    };
  }
}

function readCall(request: Fields): ToolCall {
  return {
    type: 'call',
    id: text(request['toolCallId']),
    name: text(request['name']) ?? '',
    input: fields(request['arguments']),
  };
}
