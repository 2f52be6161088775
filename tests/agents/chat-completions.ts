import { z } from 'zod';
import { pieces } from './pieces.js';
import { type Protocol, sse } from './protocol.js';
import type { ToolCall } from './scenarios.js';

const content = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? value : (value ?? []).map(({ text = '' }) => text).join('\n')));
const request = z.looseObject({
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content })),
});

/** OpenAI chat completions, as opencode speaks it with most models. */
export const chatCompletions: Protocol = {
  path: '/v1/chat/completions',
  read: (body) => {
    const { tools, messages } = request.parse(body);
    const last = messages.findLastIndex(({ role }) => role === 'user');
    const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
    return {
      prompt: messages[last]?.content ?? '',
      results: messages.slice(last + 1).filter(({ role }) => role === 'tool').length,
      tools: tools.map((tool) => tool.function.name),
      folder: /[Ww]orking directory: (\S+)/.exec(system.join('\n'))?.[1] ?? '',
    };
  },
  *stream(answer) {
    yield chunk({ role: 'assistant', content: '' });
    // Of a first piece that ends within a line, opencode's interface makes a line of its own.
    const [first = '', ...rest] = answer.text.split(/(?<=\n)/);
    for (const content of [first, ...pieces(rest.join(''))]) yield chunk({ content });
    if (answer.type === 'cut') return;
    if (answer.type === 'tool') {
      const { name, input } = toolCall(answer.call);
      yield chunk({
        tool_calls: [{ index: 0, id: `call_${name}`, type: 'function', function: { name, arguments: '' } }],
      });
      for (const json of pieces(JSON.stringify(input))) {
        yield chunk({ tool_calls: [{ index: 0, function: { arguments: json } }] });
      }
    }
    yield chunk({}, answer.type === 'tool' ? 'tool_calls' : 'stop');
    yield sse('[DONE]');
  },
  error: (status, message) => ({ error: { message, code: status } }),
};

function chunk(delta: object, finish_reason: string | null = null): string {
  const usage =
    finish_reason === null ? {} : { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } };
  const choices = [{ index: 0, delta, finish_reason }];
  return sse({
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices,
    ...usage,
  });
}

function toolCall({ tool, input }: ToolCall): { readonly name: string; readonly input: object } {
  switch (tool) {
    case 'shell':
      return { name: 'bash', input: { ...input, description: 'Let the shell speak' } };
    case 'write':
      return { name: 'write', input: { filePath: input['path'], content: input['content'] } };
    case 'fetch':
      return { name: 'webfetch', input: { ...input, format: 'text' } };
  }
}
