import type { MessageBlock, ResultEvent, SpokenKind, StreamEvent, ToolResult } from './events.js';
import { contentText, type Fields, fields, list, number, total, text } from './fields.js';

/**
 * The event in one parsed line of `claude -p --output-format stream-json`, or of another agent that speaks as it does; undefined for
 * what is not shown. Keys come in any order, new ones with every version: unknown keys, and values of another type, are ignored.
 */
export function readClaudeEvent(line: unknown): StreamEvent | undefined {
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
    text: contentText(block['content']),
    isError: block['is_error'] === true,
  };
}

function readResult(event: Fields): ResultEvent {
  const usage = fields(event['usage']);
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
    tokensIn: total(
      ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].map((key) => usage[key]),
    ),
    tokensOut: number(usage['output_tokens']),
  };
}
