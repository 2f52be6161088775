import { isRecord } from '../../core/guards.js';

/**
 * The events of `claude -p --output-format stream-json` that are drawn or judged; docs/claude-stream.md has the
 * lines. Keys come in any order, new ones with every version: unknown keys, and values of another type, are
 * ignored. Guards by hand, because loading a schema library takes longer than starting this program.
 */
export type StreamEvent =
  | {
      readonly type: 'init';
      readonly model: string | undefined;
      readonly session: string | undefined;
      readonly cwd: string | undefined;
    }
  | {
      readonly type: 'retry';
      readonly attempt: number | undefined;
      readonly attempts: number | undefined;
      readonly delayMs: number | undefined;
      readonly why: string;
    }
  | { readonly type: 'message-start'; readonly message: string | undefined }
  | { readonly type: 'tool-start'; readonly name: string }
  | { readonly type: 'delta'; readonly index: number; readonly kind: SpokenKind; readonly text: string }
  /** `parent`: the call whose subagent speaks; undefined for the agent itself. */
  | {
      readonly type: 'assistant';
      readonly message: string | undefined;
      readonly parent: string | undefined;
      readonly isError: boolean;
      readonly blocks: readonly MessageBlock[];
    }
  | {
      readonly type: 'tool-results';
      readonly parent: string | undefined;
      readonly results: readonly ToolResult[];
    }
  | ResultEvent;

export type SpokenKind = 'text' | 'thinking';

export type MessageBlock = { readonly type: SpokenKind; readonly text: string } | ToolCall;

export interface ToolCall {
  readonly type: 'call';
  readonly id: string | undefined;
  readonly name: string;
  readonly input: Fields;
}

export interface ToolResult {
  readonly call: string | undefined;
  readonly text: string;
  readonly isError: boolean;
}

/** The line that ends a turn. */
export interface ResultEvent {
  readonly type: 'result';
  /** Undefined where the line does not say, which is no success. */
  readonly isError: boolean | undefined;
  /** Why it ended, in claude's words: `api_error`, `error_max_turns`; undefined where it only completed. */
  readonly reason: string | undefined;
  /** The HTTP status of the error that ended it. */
  readonly httpStatus: number | undefined;
  readonly text: string;
  readonly errors: readonly string[];
  /** The names of tools that were refused, one for each refusal. */
  readonly denied: readonly string[];
  readonly turns: number | undefined;
  readonly durationMs: number | undefined;
  readonly costUsd: number | undefined;
  readonly tokensIn: number | undefined;
  readonly tokensOut: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The event in one parsed line; undefined for what is not shown. */
export function readEvent(line: unknown): StreamEvent | undefined {
  const event = fields(line);
  switch (event['type']) {
    case 'system':
      return readSystem(event);
    case 'stream_event':
      // A subagent's words would come between the agent's own, mid-line: they are shown whole, from its messages.
      return text(event['parent_tool_use_id']) === undefined ? readPartial(fields(event['event'])) : undefined;
    case 'assistant':
      return readMessage(event);
    case 'user':
      return readUser(event);
    case 'result':
      return readResult(event);
    default:
      return undefined;
  }
}

function readSystem(event: Fields): StreamEvent | undefined {
  switch (event['subtype']) {
    case 'init':
      return {
        type: 'init',
        model: text(event['model']),
        session: text(event['session_id']),
        cwd: text(event['cwd']),
      };
    case 'api_retry':
      return {
        type: 'retry',
        attempt: number(event['attempt']),
        attempts: number(event['max_retries']),
        delayMs: number(event['retry_delay_ms']),
        why: [number(event['error_status']), text(event['error'])].filter((value) => value !== undefined).join(' '),
      };
    default:
      return undefined;
  }
}

function readPartial(event: Fields): StreamEvent | undefined {
  switch (event['type']) {
    case 'message_start':
      return { type: 'message-start', message: text(fields(event['message'])['id']) };
    case 'content_block_start': {
      const block = fields(event['content_block']);
      if (isCall(block)) return { type: 'tool-start', name: text(block['name']) ?? '' };
      return readSpoken(block, event);
    }
    case 'content_block_delta':
      return readSpoken(fields(event['delta']), event);
    default:
      return undefined;
  }
}

/** Words in the first piece of a block (`text`) or a later one (`text_delta`). */
function readSpoken(piece: Fields, event: Fields): StreamEvent | undefined {
  const kind = SPOKEN.get(piece['type']);
  const spoken = kind && text(piece[kind]);
  return kind && spoken ? { type: 'delta', index: number(event['index']) ?? 0, kind, text: spoken } : undefined;
}

const SPOKEN: ReadonlyMap<unknown, SpokenKind> = new Map([
  ['text', 'text'],
  ['text_delta', 'text'],
  ['thinking', 'thinking'],
  ['thinking_delta', 'thinking'],
]);

function readMessage(event: Fields): StreamEvent {
  const message = fields(event['message']);
  return {
    type: 'assistant',
    message: text(message['id']),
    parent: text(event['parent_tool_use_id']),
    isError: event['is_api_error_message'] === true || text(event['error']) !== undefined,
    blocks: list(message['content']).flatMap(readBlock),
  };
}

function readBlock(value: unknown): MessageBlock[] {
  const block = fields(value);
  if (isCall(block)) {
    return [{ type: 'call', id: text(block['id']), name: text(block['name']) ?? '', input: fields(block['input']) }];
  }
  const kind = SPOKEN.get(block['type']);
  const spoken = kind && text(block[kind]);
  return kind && spoken ? [{ type: kind, text: spoken }] : [];
}

/** `tool_use`, and what servers run: `server_tool_use`, `mcp_tool_use`. */
function isCall(block: Fields): boolean {
  return text(block['type'])?.endsWith('tool_use') === true;
}

function readUser(event: Fields): StreamEvent | undefined {
  const results = list(fields(event['message'])['content']).map(fields).filter(isResult).map(readToolResult);
  return results.length === 0
    ? undefined
    : { type: 'tool-results', parent: text(event['parent_tool_use_id']), results };
}

function isResult(block: Fields): boolean {
  return text(block['type'])?.endsWith('tool_result') === true;
}

function readToolResult(block: Fields): ToolResult {
  return {
    call: text(block['tool_use_id']),
    text: text(block['content']) ?? list(block['content']).map(resultBlock).join('\n'),
    isError: block['is_error'] === true,
  };
}

function resultBlock(value: unknown): string {
  const block = fields(value);
  return text(block['text']) ?? `[${text(block['type']) ?? 'unknown'}]`;
}

function readResult(event: Fields): ResultEvent {
  const usage = fields(event['usage']);
  const input = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']
    .map((key) => number(usage[key]))
    .filter((tokens) => tokens !== undefined);
  const subtype = text(event['subtype']);
  return {
    type: 'result',
    isError: typeof event['is_error'] === 'boolean' ? event['is_error'] : undefined,
    // An error of the API comes as the subtype `success`.
    reason: subtype === 'success' ? text(event['terminal_reason']) : subtype,
    httpStatus: number(event['api_error_status']),
    text: text(event['result']) ?? '',
    errors: list(event['errors']).flatMap((error) => text(error) ?? []),
    denied: list(event['permission_denials']).map((denial) => text(fields(denial)['tool_name']) ?? 'a tool'),
    turns: number(event['num_turns']),
    durationMs: number(event['duration_ms']),
    costUsd: number(event['total_cost_usd']),
    tokensIn: input.length === 0 ? undefined : input.reduce((sum, tokens) => sum + tokens),
    tokensOut: number(usage['output_tokens']),
  };
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
