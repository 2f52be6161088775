import { z } from 'zod';
import { pieces } from './pieces.js';
import { type Protocol, sse } from './protocol.js';
import type { ToolCall } from './scenarios.js';

const part = z.looseObject({ text: z.string().default('') });
const item = z.looseObject({
  type: z.string().default('message'),
  role: z.string().optional(),
  content: z.union([z.string().transform((text) => [{ text }]), z.array(part)]).default([]),
});
const request = z.looseObject({
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).default([]),
  input: z.array(item),
});

/** OpenAI Responses, as codex speaks it. */
export const responses: Protocol = {
  path: '/v1/responses',
  read: (body) => {
    const { tools, input } = request.parse(body);
    const last = input.findLastIndex(({ role }) => role === 'user');
    return {
      prompt: input[last]?.content.at(-1)?.text ?? '',
      results: input.slice(last + 1).filter(({ type }) => type.endsWith('_output')).length,
      tools: tools.map(({ type, name }) => name ?? type),
      folder:
        /<cwd>([^<]+)<\/cwd>/.exec(input.flatMap(({ content }) => content.map(({ text }) => text)).join('\n'))?.[1] ??
        '',
    };
  },
  *stream(answer) {
    const output: object[] = [];
    yield event('response.created', { response: { id: ID } });
    if (answer.text !== '') {
      const message = { type: 'message', id: 'msg_scripted', role: 'assistant' };
      yield event('response.output_item.added', { output_index: 0, item: { ...message, content: [] } });
      for (const delta of pieces(answer.text))
        yield event('response.output_text.delta', { item_id: message.id, output_index: 0, content_index: 0, delta });
      if (answer.type === 'cut') return;
      const whole = { ...message, content: [{ type: 'output_text', text: answer.text, annotations: [] }] };
      yield event('response.output_item.done', { output_index: 0, item: whole });
      output.push(whole);
    }
    if (answer.type === 'tool') {
      const call = {
        type: 'function_call',
        id: 'fc_scripted',
        call_id: `call_${output.length}`,
        name: 'exec_command',
        arguments: JSON.stringify({ cmd: commandOf(answer.call) }),
      };
      yield event('response.output_item.done', { output_index: output.length, item: call });
      output.push(call);
    }
    yield event('response.completed', { response: { id: ID, output, usage: USAGE } });
  },
  error: (_, message) => ({ error: { message, type: 'invalid_request_error', code: null } }),
};

const ID = 'resp_scripted';
const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 120,
};

const event = (type: string, data: object): string => sse({ type, ...data }, type);

/** It has one tool for all: a shell. */
function commandOf({ tool, input }: ToolCall): string {
  switch (tool) {
    case 'shell':
      return input['command'] ?? '';
    case 'write':
      return `printf '${input['content']?.replaceAll('\n', '\\n') ?? ''}' > '${input['path'] ?? ''}'`;
    case 'fetch':
      return `curl -s ${input['url'] ?? ''}`;
  }
}
