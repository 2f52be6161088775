import { readClaudeEvent } from './claude-events.js';
import { copilotReader } from './copilot-events.js';
import type { StreamEvent } from './events.js';
import { piReader } from './pi-events.js';
import { readQwenEvent } from './qwen-events.js';

/** How an agent speaks JSON. */
export interface Dialect {
  /** Reads the lines of one session, one after the other: the event in each, undefined for what is not shown. */
  readonly reader: () => (line: unknown) => StreamEvent | undefined;
  /** How a person has it use a tool that was refused to it. */
  readonly allowing: string;
}

/** Of every agent whose JSON is drawn, by its name. */
export const DIALECTS = {
  claude: { reader: () => readClaudeEvent, allowing: '--allowedTools, --permission-mode' },
  qwen: { reader: () => readQwenEvent, allowing: '--allowed-tools, --approval-mode' },
  // It refuses nothing.
  pi: { reader: piReader, allowing: '' },
  copilot: { reader: copilotReader, allowing: '--allow-tool, --allow-url, --allow-all' },
} as const satisfies Readonly<Record<string, Dialect>>;

/** An agent whose JSON is drawn. */
export type SpeakingAgent = keyof typeof DIALECTS;

export function findDialect(name: string): Dialect | undefined {
  return Object.hasOwn(DIALECTS, name) ? DIALECTS[name as SpeakingAgent] : undefined;
}
