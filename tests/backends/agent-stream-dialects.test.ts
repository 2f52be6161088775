import { describe, expect, test } from 'vitest';
import { type SpeakingAgent, DIALECTS, findDialect } from '../../src/backends/agent-stream/dialects.js';
import { StreamSession } from '../../src/backends/agent-stream/session.js';
import { textOf } from '../render/text-of.js';

/** What is drawn of these lines, and what is known of the session at its end. */
async function session(agent: SpeakingAgent, lines: readonly unknown[], exitCode = 0) {
  const stream = new StreamSession(DIALECTS[agent], () => 80);
  const drawn = stream.stdout(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  const { text, verdict, account } = stream.end({ exitCode, signal: 0 }, 0);
  const shown = await textOf([(drawn + text).replaceAll('\n', '\r\n')], { cols: 80, rows: 24 });
  return { shown, verdict, account, id: stream.id };
}

test('an agent whose JSON orch does not know has no dialect', () => {
  for (const name of ['', 'gemini', 'constructor']) expect(findDialect(name), name).toBeUndefined();
});

/** Lines of `qwen -o stream-json --include-partial-messages` 0.24.4, without the keys that are not read. */
describe('qwen', () => {
  const INIT = { type: 'system', subtype: 'init', session_id: 'e7e84f5d', cwd: '/work', model: 'scripted' };
  const partial = (event: unknown): unknown => ({ type: 'stream_event', parent_tool_use_id: null, event });
  const said = (id: string, text: string): readonly unknown[] => [
    partial({ type: 'message_start', message: { id } }),
    partial({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    partial({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    { type: 'assistant', message: { id, content: [{ type: 'text', text }] } },
  ];
  const input = { command: 'make', description: 'Build it', is_background: false };
  const USAGE = { input_tokens: 300, output_tokens: 60, cache_read_input_tokens: 200, total_tokens: 360 };

  test('is drawn as claude is', async () => {
    const { shown, verdict, account, id } = await session('qwen', [
      INIT,
      partial({ type: 'goal_state', goal_state: { activity: 'idle' } }),
      ...said('m1', 'I shall run a command first.'),
      {
        type: 'assistant',
        message: { id: 'm2', content: [{ type: 'tool_use', id: 'c', name: 'run_shell_command', input }] },
      },
      {
        type: 'user',
        message: { content: [{ type: 'tool_result', tool_use_id: 'c', is_error: false, content: 'made' }] },
      },
      ...said('m3', 'It is made.'),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        num_turns: 2,
        duration_ms: 703,
        result: 'It is made.',
        usage: USAGE,
        permission_denials: [],
      },
    ]);
    expect(shown).toEqual([
      '◆ scripted · session e7e84f5d',
      '',
      'I shall run a command first.',
      '',
      '● run_shell_command(make)',
      '  ⎿  made',
      '',
      'It is made.',
      '',
      '✓ done · 2 turns · 0.7 s · 300 tokens in, 60 out',
    ]);
    expect([verdict.type, id]).toEqual(['done', 'e7e84f5d']);
    expect(account).toEqual({ tokens: { input: 300, output: 60 } });
  });

  test('fails with its own error', async () => {
    const message = '[API Error: 401 wrong key]';
    const error = {
      type: 'result',
      subtype: 'error_during_execution',
      is_error: true,
      usage: USAGE,
      error: { message },
    };
    const { verdict } = await session('qwen', [INIT, ...said('m', message), error], 1);
    expect(verdict).toEqual({ type: 'failed', exitCode: 1, words: `failed: ${message}` });
  });

  test('was refused what it was to ask about, although it ends with 0', async () => {
    const denied = { type: 'result', is_error: false, usage: USAGE, permission_denials: [{ tool_name: 'write_file' }] };
    const { shown, verdict } = await session('qwen', [INIT, denied]);
    expect(verdict).toEqual({ type: 'denied', exitCode: 1, words: 'permission denied: write_file' });
    expect(shown.at(-1)).toBe('  allow tools with: --allowed-tools, --approval-mode');
  });
});

/** Lines of `copilot -p --output-format json` 1.0.102, without the keys that are not read. */
describe('copilot', () => {
  const line = (type: string, data: object = {}): unknown => ({ type, data });
  const result = (exitCode: number): unknown => ({
    type: 'result',
    sessionId: '44208bfe',
    exitCode,
    usage: { premiumRequests: 0, sessionDurationMs: 845 },
  });
  const START = [line('session.tools_updated', { model: 'scripted' }), line('assistant.turn_start', { turnId: '0' })];
  const call = { toolCallId: 'c', name: 'bash', arguments: { command: 'make', description: 'Build it' } };
  const calling = line('assistant.message', { messageId: 'm1', content: 'I shall run it.', toolRequests: [call] });
  const failure = { statusCode: 529, retryAttempt: 0, errorMessage: '{"message":"Overloaded"}' };

  test('is drawn with its words, tools and retries', async () => {
    const { shown, verdict } = await session('copilot', [
      ...START,
      line('user.message', { content: 'what it was asked' }),
      line('model.call_failure', failure),
      line('assistant.turn_retry', { reason: 'api_error' }),
      line('assistant.message_start', { messageId: 'm1' }),
      line('assistant.message_delta', { messageId: 'm1', deltaContent: 'I shall ' }),
      line('assistant.tool_call_delta', { toolCallId: 'c', toolName: 'bash', inputDelta: '{"c' }),
      calling,
      line('tool.execution_complete', { toolCallId: 'c', success: true, result: { content: 'made' } }),
      line('assistant.turn_start', { turnId: '1' }),
      line('assistant.message', { messageId: 'm2', content: 'It is made.', toolRequests: [] }),
      result(0),
    ]);
    expect(shown).toEqual([
      '◆ scripted',
      '↻ retry 1: 529 api_error',
      '',
      'I shall run it.',
      '',
      '● bash(make)',
      '  ⎿  made',
      '',
      'It is made.',
      '',
      '✓ done · 2 turns · 0.8 s',
    ]);
    expect(verdict.type).toBe('done');
  });

  test('was refused what no one allowed, although it ends with 0', async () => {
    const error = { message: 'Permission denied', code: 'denied' };
    const denied = line('tool.execution_complete', { toolCallId: 'c', success: false, error });
    const { shown, verdict } = await session('copilot', [...START, calling, denied, result(0)]);
    expect(verdict).toEqual({ type: 'denied', exitCode: 1, words: 'permission denied: bash' });
    expect(shown).toContain('  ⎿  Permission denied');
  });

  test('fails with its own error, on one line', async () => {
    const error = line('session.error', { message: 'Authentication failed (HTTP 401).\n  Check your key.' });
    const { verdict } = await session('copilot', [...START, error, result(1)], 1);
    const words = 'failed: Authentication failed (HTTP 401). Check your key.';
    expect(verdict).toEqual({ type: 'failed', exitCode: 1, words });
  });
});

/** Lines of `pi --mode json` 1.6.0, without the keys that are not read. */
describe('pi', () => {
  const SESSION = { type: 'session', version: 3, id: '01a22f91-e557', cwd: '/work' };
  const usage = { input: 100, output: 20, cacheRead: 5, cacheWrite: 1, totalTokens: 126, cost: { total: 0.25 } };
  const update = (assistantMessageEvent: unknown): unknown => ({
    type: 'message_update',
    usage,
    assistantMessageEvent,
  });
  const ended = (content: readonly unknown[], more: object = { stopReason: 'stop' }): unknown => ({
    type: 'message_end',
    message: { role: 'assistant', content, usage, ...more },
  });
  const failing = ended([], { stopReason: 'error', errorMessage: '529: {"message":"Overloaded"}' });
  const START = { type: 'message_start', message: { role: 'assistant', content: [] } };
  const SETTLED = { type: 'agent_settled', aborted: false };
  const retry = {
    type: 'auto_retry_start',
    attempt: 1,
    maxAttempts: 3,
    delayMs: 2000,
    errorMessage: '529: Overloaded',
  };

  test('is drawn with its words, thoughts, tools and retries', async () => {
    const { shown, verdict, account, id } = await session('pi', [
      SESSION,
      { type: 'agent_start' },
      { type: 'message_start', message: { role: 'user' } },
      { type: 'message_end', message: { role: 'user', content: [{ type: 'text', text: 'what it was asked' }] } },
      START,
      failing,
      { type: 'agent_end', willRetry: true },
      retry,
      START,
      update({ type: 'thinking_start', contentIndex: 0 }),
      update({ type: 'thinking_delta', contentIndex: 0, delta: 'A thought.' }),
      update({ type: 'text_delta', contentIndex: 1, delta: 'I shall ' }),
      update({ type: 'text_delta', contentIndex: 1, delta: 'run it.' }),
      update({ type: 'toolcall_start', contentIndex: 2, id: 'c', toolName: 'bash' }),
      ended(
        [
          { type: 'thinking', thinking: 'A thought.' },
          { type: 'text', text: 'I shall run it.' },
          { type: 'toolCall', id: 'c', name: 'bash', arguments: { command: 'make' } },
        ],
        { stopReason: 'toolUse' },
      ),
      { type: 'tool_execution_start', toolCallId: 'c', toolName: 'bash', args: { command: 'make' } },
      {
        type: 'tool_execution_end',
        toolCallId: 'c',
        toolName: 'bash',
        result: { content: [{ type: 'text', text: 'made' }] },
        isError: false,
      },
      { type: 'message_end', message: { role: 'toolResult', content: [{ type: 'text', text: 'made' }] } },
      START,
      ended([{ type: 'text', text: 'It is made.' }]),
      { type: 'agent_end', willRetry: false },
      SETTLED,
    ]);
    expect(shown).toEqual([
      '◆ session 01a22f91-e557',
      '↻ retry 1 of 3 in 2.0 s: 529: Overloaded',
      '',
      'A thought.',
      '',
      'I shall run it.',
      '',
      '● bash(make)',
      '  ⎿  made',
      '',
      'It is made.',
      '',
      '✓ done · 3 turns · $0.7500 · 318 tokens in, 60 out',
    ]);
    expect([verdict.type, id]).toEqual(['done', '01a22f91-e557']);
    expect(account).toEqual({ cost: 0.75, tokens: { input: 318, output: 60 } });
  });

  test.each<[string, readonly unknown[], string]>([
    ['its own error', [SESSION, START, failing, SETTLED], 'failed: 529: {"message":"Overloaded"}'],
    ['what it was stopped by', [ended([], { stopReason: 'aborted' }), SETTLED], 'failed: aborted'],
    ['nothing, where it has not settled', [SESSION, ended([])], 'ended without a result: exit code 0'],
    ['nothing, where the model said nothing', [SESSION, SETTLED], 'failed: the result does not say why'],
  ])('fails with %s, although it ends with 0', async (_what, lines, words) => {
    expect((await session('pi', lines)).verdict).toEqual({ type: 'failed', exitCode: 1, words });
  });
});
