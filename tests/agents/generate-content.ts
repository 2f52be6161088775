import { z } from 'zod';
import { pieces } from './pieces.js';
import { type Protocol, sse } from './protocol.js';
import type { ToolCall } from './scenarios.js';

const part = z.looseObject({ text: z.string().optional(), functionResponse: z.unknown().optional() });
const request = z.looseObject({
  contents: z.array(z.looseObject({ role: z.string().optional(), parts: z.array(part).default([]) })),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) }))
    .default([]),
});

/** The model that gemini is told to ask. */
export const GEMINI_MODEL = 'scripted';

/** Gemini's own protocol. */
export const generateContent: Protocol = {
  path: `/v1beta/models/${GEMINI_MODEL}:streamGenerateContent`,
  read: (body) => {
    const { contents, tools } = request.parse(body);
    const last = contents.findLastIndex(({ parts }) => parts.some(({ text }) => text?.includes('[') === true));
    const results = contents.slice(last + 1).flatMap(({ parts }) => parts.filter((each) => 'functionResponse' in each));
    return {
      prompt: contents[last]?.parts.findLast(({ text }) => text !== undefined)?.text ?? '',
      results: results.length,
      tools: tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name)),
      folder: '',
    };
  },
  *stream(answer) {
    for (const text of pieces(answer.text)) yield chunk([{ text }]);
    if (answer.type === 'cut') return;
    yield chunk(answer.type === 'tool' ? [{ functionCall: callOf(answer.call) }] : [{ text: '' }], 'STOP');
  },
  error: (status, message) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
};

function chunk(parts: readonly object[], finishReason?: string): string {
  return sse({
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }) },
    ],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    modelVersion: GEMINI_MODEL,
  });
}

function callOf({ tool, input }: ToolCall): { readonly name: string; readonly args: object } {
  switch (tool) {
    case 'shell':
      return { name: 'run_shell_command', args: { ...input, description: 'Let the shell speak' } };
    case 'write':
      return { name: 'write_file', args: { file_path: input['path'], content: input['content'] } };
    case 'fetch':
      return { name: 'web_fetch', args: { prompt: `What does ${input['url'] ?? ''} say?` } };
  }
}
