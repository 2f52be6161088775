import type { Account } from '../../core/agent-state.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { Dialect } from './dialects.js';
import { Drawing } from './drawing.js';
import type { ResultEvent, StreamEvent } from './events.js';
import { type InputLine, LineSplitter } from './lines.js';
import { type NdjsonLine, NdjsonReader } from './ndjson.js';
import { judge, type StreamVerdict } from './verdict.js';

/** More than this of a line of stderr, in bytes, is not shown. */
const MAX_STDERR_LINE = 64 * 1024;

/** Turns a program's output, cut anywhere, into text to print and a verdict. */
export class StreamSession {
  readonly #columns: () => number;
  readonly #read: (line: unknown) => StreamEvent | undefined;
  readonly #drawing: Drawing;
  readonly #ndjson = new NdjsonReader();
  readonly #stderr = new LineSplitter(MAX_STDERR_LINE);
  #result: ResultEvent | undefined;
  #id: string | undefined;

  /** `columns`: the terminal's width now. `cwd`: where the agent was started. */
  constructor(dialect: Dialect, columns: () => number, cwd?: string) {
    this.#columns = columns;
    this.#read = dialect.reader();
    this.#drawing = new Drawing(dialect.allowing, cwd);
  }

  /** The agent's id of it, once it is known. */
  get id(): string | undefined {
    return this.#id;
  }

  stdout(chunk: Buffer): string {
    return this.#drawLines(this.#ndjson.push(chunk));
  }

  stderr(chunk: Buffer): string {
    return this.#drawStderr(this.#stderr.push(chunk));
  }

  /** Draws a line of orch's own. */
  note(line: string): string {
    return this.#drawing.note(line);
  }

  /** The status line after `silentMs` without an event. */
  status(silentMs: number): string {
    return this.#drawing.status(silentMs, this.#columns());
  }

  /** The end: what was still to draw, the verdict, and the bill. `interrupted`: the number of a signal that came, 0 for none. */
  end(
    program: ExitStatus,
    interrupted: number,
  ): { readonly text: string; readonly verdict: StreamVerdict; readonly account: Account } {
    const rest = this.#drawLines(this.#ndjson.end()) + this.#drawStderr(this.#stderr.end());
    const verdict = judge({ result: this.#result, program, interrupted });
    const text = rest + this.#drawing.finish(verdict, this.#result, this.#columns());
    return { text, verdict, account: accountOf(this.#result) };
  }

  #drawLines(lines: readonly NdjsonLine[]): string {
    return lines.map((line) => this.#drawLine(line)).join('');
  }

  #drawLine(line: NdjsonLine): string {
    if (line.type !== 'value') return this.#drawing.oddity(line, this.#columns());
    const event = this.#read(line.value);
    if (event?.type === 'result') this.#result = event;
    if (event?.type === 'init') this.#id = event.session ?? this.#id;
    return event === undefined ? '' : this.#drawing.draw(event, this.#columns());
  }

  #drawStderr(lines: readonly InputLine[]): string {
    return lines
      .map(({ bytes, length }) => this.#drawing.note(bytes.toString() + (length > bytes.length ? '…' : '')))
      .join('');
  }
}

function accountOf(result: ResultEvent | undefined): Account {
  const { costUsd, tokensIn, tokensOut } = result ?? {};
  return {
    ...(costUsd === undefined ? {} : { cost: costUsd }),
    ...(tokensIn === undefined || tokensOut === undefined ? {} : { tokens: { input: tokensIn, output: tokensOut } }),
  };
}
