import { z } from 'zod';
import { pieces } from './pieces.js';
import { type Protocol, sse } from './protocol.js';
import type { ToolCall } from './scenarios.js';

const content = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? [value] : (value ?? []).map(({ text = '' }) => text)));
const request = z.looseObject({
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content })),
});

/** How an agent's tools are called; each agent that speaks this protocol asks at an address of its own. */
type Tools = (call: ToolCall) => { readonly name: string; readonly input: object };

/** OpenAI chat completions, as opencode speaks it with most models, and others with all. */
export const chatCompletions: readonly Protocol[] = [
  protocol('/v1', opencodeTool),
  protocol('/qwen/v1', qwenTool),
  protocol('/pi/v1', piTool),
  protocol('/copilot/v1', copilotTool),
];

function protocol(base: string, toolCall: Tools): Protocol {
  return {
    path: `${base}/chat/completions`,
    read: (body) => {
      const { tools, messages } = request.parse(body);
      const last = messages.findLastIndex(({ role }) => role === 'user');
      return {
        // Before the user's own words, in texts of their own, stand those of the agent.
        prompt: (messages[last]?.content.at(-1) ?? '').replace(/^<current_datetime>.*\n\n/, ''),
        results: messages.slice(last + 1).filter(({ role }) => role === 'tool').length,
        tools: tools.map((tool) => tool.function.name),
        folder:
          /(?:[Ww]orking (?:in the )?directory: |<cwd>\s*)(\S+)/.exec(
            messages.flatMap(({ content }) => content).join('\n'),
          )?.[1] ?? '',
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
}

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

function opencodeTool({ tool, input }: ToolCall): ReturnType<Tools> {
  switch (tool) {
    case 'shell':
      return { name: 'bash', input: { ...input, description: 'Let the shell speak' } };
    case 'write':
      return { name: 'write', input: { filePath: input['path'], content: input['content'] } };
    case 'fetch':
      return { name: 'webfetch', input: { ...input, format: 'text' } };
  }
}

function qwenTool({ tool, input }: ToolCall): ReturnType<Tools> {
  switch (tool) {
    case 'shell':
      return {
        name: 'run_shell_command',
        input: { ...input, description: 'Let the shell speak', is_background: false },
      };
    case 'write':
      return { name: 'write_file', input: { file_path: input['path'], content: input['content'] } };
    case 'fetch':
      return { name: 'web_fetch', input: { ...input, prompt: 'What does it say?' } };
  }
}

/** It fetches by its shell. */
function piTool({ tool, input }: ToolCall): ReturnType<Tools> {
  switch (tool) {
    case 'shell':
      return { name: 'bash', input };
    case 'write':
      return { name: 'write', input };
    case 'fetch':
      return { name: 'bash', input: { command: `curl -s ${input['url'] ?? ''}` } };
  }
}

function copilotTool({ tool, input }: ToolCall): ReturnType<Tools> {
  switch (tool) {
    case 'shell':
      return { name: 'bash', input: { ...input, description: 'Let the shell speak' } };
    case 'write':
      return { name: 'create', input: { path: input['path'], file_text: input['content'] } };
    case 'fetch':
      return { name: 'web_fetch', input };
  }
}
