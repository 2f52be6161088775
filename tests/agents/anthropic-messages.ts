import { z } from 'zod';
import { pieces } from './pieces.js';
import { type Protocol, sse, type StreamedAnswer } from './protocol.js';
import type { ErrorStatus, ToolCall } from './scenarios.js';

const block = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string().transform((text) => [{ type: 'text', text }]), z.array(block)]);
const request = z.looseObject({
  system: content.optional(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content })),
});

type Message = z.infer<typeof request>['messages'][number];

/** Anthropic Messages, as claude speaks it. */
export const anthropicMessages: Protocol = {
  path: '/v1/messages',
  read: (body) => {
    const { system = [], tools, messages } = request.parse(body);
    const users = messages.filter(({ role }) => role === 'user');
    const last = users.findLastIndex((message) => !message.content.some(isResult));
    return {
      // Before the user's own words, in blocks of their own, stand those of the agent.
      prompt: users[last]?.content.findLast(({ type }) => type === 'text')?.text ?? '',
      results: users.slice(last + 1).flatMap((message) => message.content.filter(isResult)).length,
      tools: tools.map(({ name }) => name),
      folder:
        /working directory: (\S+)/.exec(
          [system, ...messages.map((message) => message.content)].map(said).join('\n'),
        )?.[1] ?? '',
    };
  },
  *stream(answer) {
    yield event('message_start', { message: MESSAGE });
    let index = 0;
    if (answer.text !== '') {
      yield event('content_block_start', { index, content_block: { type: 'text', text: '' } });
      for (const text of pieces(answer.text))
        yield event('content_block_delta', { index, delta: { type: 'text_delta', text } });
      if (answer.type === 'cut') return;
      yield event('content_block_stop', { index });
      index += 1;
    }
    if (answer.type === 'tool') {
      const { name, input } = toolUse(answer.call);
      yield event('content_block_start', {
        index,
        content_block: { type: 'tool_use', id: `toolu_${name}`, name, input: {} },
      });
      for (const partial_json of pieces(JSON.stringify(input))) {
        yield event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
      }
      yield event('content_block_stop', { index });
    }
    yield event('message_delta', {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: 20 },
    });
    yield event('message_stop', {});
  },
  error: (status, message) => ({ type: 'error', error: { type: ERROR_TYPES[status], message } }),
};

const MESSAGE = {
  id: 'msg_scripted',
  type: 'message',
  role: 'assistant',
  model: 'scripted',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 100, output_tokens: 1 },
};

const ERROR_TYPES: Readonly<Record<ErrorStatus, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  529: 'overloaded_error',
};

const event = (type: string, data: object): string => sse({ type, ...data }, type);

const stopReason = ({ type }: StreamedAnswer): string => (type === 'tool' ? 'tool_use' : 'end_turn');

const isResult = ({ type }: { readonly type: string }): boolean => type === 'tool_result';

const said = (content: Message['content']): string => content.map(({ text = '' }) => text).join('\n');

function toolUse({ tool, input }: ToolCall): { readonly name: string; readonly input: object } {
  switch (tool) {
    case 'shell':
      return { name: 'Bash', input: { ...input, description: 'Let the shell speak' } };
    case 'write':
      return { name: 'Write', input: { file_path: input['path'], content: input['content'] } };
    case 'fetch':
      return { name: 'WebFetch', input: { ...input, prompt: 'What does it say?' } };
  }
}
