import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MaskedLines } from '../../src/backends/agent-stream/masked-lines.js';

const SECRET = 'sesame-open-4711';
const OPTIONS = { secrets: [{ name: 'TOKEN', value: SECRET }], shapes: [] };

function masked(text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const lines = new MaskedLines(OPTIONS);
  const places = [0, ...[...cuts].sort((a, b) => a - b).filter((at) => at < bytes.length), bytes.length];
  const out = places.slice(1).map((to, at) => Buffer.from(lines.feed(bytes.subarray(places[at], to))));
  return Buffer.concat([...out, Buffer.from(lines.end())]).toString();
}

function piece(words: string): string {
  return `${JSON.stringify({ type: 'stream_event', event: { type: 'content_block_delta', delta: { type: 'text_delta', text: words } } })}\n`;
}

describe('kept lines of JSON', () => {
  test('of a whole message keep all but the secret', () => {
    expect(masked(`{"text":"say ${SECRET} now"}\n`)).toBe(`{"text":"say ${'*'.repeat(SECRET.length)} now"}\n`);
  });

  test('of pieces of a message keep no words at all, since a secret may be split over them', () => {
    const log = piece(SECRET.slice(0, 6)) + piece(`${SECRET.slice(6)} "and" é`);
    const out = masked(log);
    expect(out).not.toMatch(/sesame|open|4711|and/);
    expect(Buffer.byteLength(out)).toBe(Buffer.byteLength(log));
    const texts = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: { delta: object } });
    expect(texts.map(({ event }) => event.delta)).toEqual([
      { type: 'text_delta', text: '*'.repeat(6) },
      // Two escaped quotes, and a letter of two bytes.
      { type: 'text_delta', text: '*'.repeat(SECRET.length - 6 + ' \\"and\\" é'.length + 1) },
    ]);
  });

  test.each([
    ['pi', { type: 'message_update', assistantMessageEvent: { type: 'text_delta', delta: 'sesame' } }],
    ['copilot', { type: 'assistant.message_delta', data: { messageId: 'm', deltaContent: 'sesame' } }],
    ['copilot', { type: 'assistant.tool_call_delta', data: { toolCallId: 'c', inputDelta: 'sesame' } }],
    ['copilot', { type: 'tool.shell_output', data: { toolCallId: 'c', stream: 'stdout', text: 'sesame' } }],
    ['copilot', { type: 'tool.execution_partial_result', data: { toolCallId: 'c', partialOutput: 'sesame' } }],
  ])('of pieces of %s keep no words either: %j', (_agent, piece) => {
    const line = `${JSON.stringify(piece)}\n`;
    expect(masked(line)).toBe(line.replace('sesame', '******'));
  });

  test('are the same wherever what comes is cut, and as long', () => {
    const log = `${piece('one')}{"text":"${SECRET}"}\nno JSON\n${piece('two')}{"text":"the end`;
    const whole = masked(log);
    expect(whole).toContain('no JSON\n');
    expect(whole.endsWith('{"text":"the end')).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: log.length }), { maxLength: 6 }), (cuts) => {
        expect(masked(log, cuts)).toBe(whole);
      }),
    );
  });

  test('that are longer than any piece are passed on while they come', () => {
    const lines = new MaskedLines({ secrets: [], shapes: [] });
    const out = lines.feed(Buffer.from('x'.repeat(100_000)));
    expect(out.length).toBeGreaterThan(0);
    expect(out.length + lines.end().length).toBe(100_000);
  });
});
