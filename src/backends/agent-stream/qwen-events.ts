import { readClaudeEvent } from './claude-events.js';
import type { StreamEvent } from './events.js';
import { fields, number, text } from './fields.js';

/**
 * The event in one parsed line of `qwen -o stream-json`, which is claude's except for the last: its error is in the result alone, and its
 * cached tokens are among those of its input.
 */
export function readQwenEvent(line: unknown): StreamEvent | undefined {
  const event = readClaudeEvent(line);
  if (event?.type !== 'result') return event;
  const { error, usage } = fields(line);
  return {
    ...event,
    reason: text(fields(error)['message']) ?? event.reason,
    tokensIn: number(fields(usage)['input_tokens']),
  };
}
