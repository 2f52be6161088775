import type { Fields } from './fields.js';

/** What an agent's lines of JSON say that is drawn or judged, whatever its words for it are (docs/agent-stream.md). */
export type StreamEvent =
  | {
      readonly type: 'init';
      readonly model: string | undefined;
      readonly session: string | undefined;
      readonly cwd: string | undefined;
    }
  | {
      readonly type: 'retry';
      readonly attempt: number | undefined;
      readonly attempts: number | undefined;
      readonly delayMs: number | undefined;
      readonly why: string;
    }
  | { readonly type: 'message-start'; readonly message: string | undefined }
  | { readonly type: 'tool-start'; readonly name: string }
  | { readonly type: 'delta'; readonly index: number; readonly kind: SpokenKind; readonly text: string }
  /** `parent`: the call whose subagent speaks; undefined for the agent itself. */
  | {
      readonly type: 'assistant';
      readonly message: string | undefined;
      readonly parent: string | undefined;
      readonly isError: boolean;
      readonly blocks: readonly MessageBlock[];
    }
  | {
      readonly type: 'tool-results';
      readonly parent: string | undefined;
      readonly results: readonly ToolResult[];
    }
  | ResultEvent;

export type SpokenKind = 'text' | 'thinking';

export type MessageBlock = { readonly type: SpokenKind; readonly text: string } | ToolCall;

export interface ToolCall {
  readonly type: 'call';
  readonly id: string | undefined;
  readonly name: string;
  readonly input: Fields;
}

export interface ToolResult {
  readonly call: string | undefined;
  readonly text: string;
  readonly isError: boolean;
}

/** The end of a turn. */
export interface ResultEvent {
  readonly type: 'result';
  /** Undefined where the line does not say, which is no success. */
  readonly isError: boolean | undefined;
  /** Why it ended, in the agent's words: `api_error`, `error_max_turns`, or its error; undefined where it only completed. */
  readonly reason: string | undefined;
  /** The HTTP status of the error that ended it. */
  readonly httpStatus: number | undefined;
  readonly text: string;
  readonly errors: readonly string[];
  /** The names of tools that were refused, one for each refusal. */
  readonly denied: readonly string[];
  readonly turns: number | undefined;
  readonly durationMs: number | undefined;
  readonly costUsd: number | undefined;
  readonly tokensIn: number | undefined;
  readonly tokensOut: number | undefined;
}
