/** The agents that are tried, by exact version: what is expected of them was measured with these. */
export const AGENTS = {
  '@anthropic-ai/claude-code': '2.1.332',
  '@openai/codex': '0.171.0',
  '@google/gemini-cli': '0.61.0',
  'opencode-ai': '1.18.33',
  '@github/copilot': '1.0.102',
  '@qwen-code/qwen-code': '0.24.4',
  '@earendil-works/pi-coding-agent': '1.6.0',
  // For those that want a newer one than orch does.
  node: '22.21.1',
} as const;

/** Their commands. */
export const PROGRAMS = ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'qwen', 'pi'] as const;
