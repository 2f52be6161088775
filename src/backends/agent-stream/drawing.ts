import { displayWidth, truncate } from '../../core/terminal/display-width.js';
import { bold, dim, eraseLine, green, yellow } from '../../core/terminal/drawing.js';
import { statusLine } from '../../core/terminal/status-line.js';
import type { MessageBlock, ResultEvent, SpokenKind, StreamEvent, ToolCall, ToolResult } from './events.js';
import type { NdjsonLine } from './ndjson.js';
import { harmless, headLines, oneLine, plainLine } from './safe-text.js';
import type { StreamVerdict } from './verdict.js';

/** How much of a tool's result is shown; all of it is in backend.jsonl. */
const MAX_RESULT_LINES = 5;
/** Messages whose streamed words are remembered until the whole message comes, which is right behind them. */
const MAX_MESSAGES = 8;

/** The inputs that describe a call, by priority, as Claude Code itself shows them. */
const TELLING = ['command', 'file_path', 'notebook_path', 'pattern', 'query', 'url', 'description', 'skill', 'prompt'];

const plain = (text: string): string => text;
const red = (text: string): string => `\x1b[31m${text}\x1b[39m`;

/** Text of the agent that is shown as it streams. */
interface Spoken {
  readonly kind: SpokenKind;
  readonly index: number;
  /** As they came; empty lines at the beginning are not shown. */
  text: string;
  begun: boolean;
  /** The whole message has come: nothing can follow. */
  whole: boolean;
}

/**
 * Draws a session, event by event; the returned text is to be printed unchanged after the previous one. A text
 * shows once, whether it comes in pieces, whole, or both.
 *
 * Every style is closed in the string that opens it, and the cursor only ever moves by newlines, so the terminal is in
 * order after every piece, even if the program is killed. The status line is the one exception: it is erased by `\r ESC [2K`.
 */
export class Drawing {
  #out = '';
  /** Newlines at the end of what was drawn; at the top there is nothing to keep a distance from. */
  #newlines = 2;
  #statusShown = false;
  #frame = 0;
  /** Half a line end or half a character, held until the next piece comes. */
  #held = '';
  #speaking: Spoken | undefined;
  #lastSaid: Spoken | undefined;
  #message: string | undefined;
  readonly #spoken = new Map<string | undefined, Spoken[]>();
  readonly #calls = new Map<string, string>();
  /** The call right above; a result of another one says whose it is. */
  #callAbove: string | undefined;
  #waitingFor = WAITING;
  #cwd: string | undefined;
  #introduced = false;
  readonly #allowing: string;

  /** `allowing`: how a person has the agent use a tool that was refused to it. `cwd`: where it works, unless it says so. */
  constructor(allowing: string, cwd: string | undefined) {
    this.#allowing = allowing;
    this.#cwd = cwd;
  }

  /** `width`: the terminal's columns now. */
  draw(event: StreamEvent, width: number): string {
    switch (event.type) {
      case 'init':
        this.#init(event, width);
        break;
      case 'retry':
        this.#line(yellow(truncate(retryLine(event), width)));
        break;
      case 'message-start':
        this.#messageStart(event.message);
        break;
      case 'tool-start':
        this.#waitingFor = oneLine(event.name) || WAITING;
        break;
      case 'delta':
        this.#delta(event.index, event.kind, event.text);
        break;
      case 'assistant':
        for (const block of event.blocks) this.#block(block, event, width);
        break;
      case 'tool-results':
        for (const result of event.results) this.#result(result, event.parent === undefined ? '' : ASIDE, width);
        break;
      case 'result':
        this.#turnEnd(event);
        break;
    }
    return this.#take();
  }

  /** Draws a line of the stream that is no event. */
  oddity(line: Exclude<NdjsonLine, { readonly type: 'value' }>, width: number): string {
    switch (line.type) {
      case 'not-json':
        return this.note(truncate(`not JSON: ${oneLine(line.text)}`, width));
      case 'not-utf8':
        return this.note(`skipped a line of ${line.bytes} bytes that is not UTF-8`);
      case 'too-long':
        return this.note(`skipped a line of ${line.bytes} bytes, which is too long`);
    }
  }

  /** A line that is not the agent's: a warning, or what its program says on stderr. */
  note(line: string): string {
    this.#line(yellow(plainLine(line, Infinity)));
    return this.#take();
  }

  /** The last line: how it went. */
  finish(verdict: StreamVerdict, result: ResultEvent | undefined, width: number): string {
    this.#startBlock();
    const mark = verdict.type === 'done' ? '✓' : '✗';
    const style = verdict.type === 'done' ? green : red;
    const line = [`${mark} ${verdict.words}`, ...(result === undefined ? [] : figures(result))].join(' · ');
    this.#emit(`${style(oneLine(line))}\n`);
    if (result !== undefined && result.denied.length > 0) {
      this.#emit(`${dim(truncate(`  allow tools with: ${this.#allowing}`, width))}\n`);
    }
    return this.#take();
  }

  /** The status line, redrawn in place; only between lines, and erased before anything else is drawn. */
  status(elapsedMs: number, width: number): string {
    if (this.#newlines === 0) return '';
    this.#frame += 1;
    this.#statusShown = true;
    return statusLine(truncate(`${this.#waitingFor}… ${Math.floor(elapsedMs / 1000)} s`, width - 3), this.#frame);
  }

  #init(event: Extract<StreamEvent, { type: 'init' }>, width: number): void {
    this.#cwd = event.cwd ?? this.#cwd;
    if (this.#introduced) return;
    this.#introduced = true;
    const facts = [event.model, event.session === undefined ? undefined : `session ${event.session}`];
    const known = facts.filter((fact) => fact !== undefined);
    if (known.length > 0) this.#line(dim(truncate(`◆ ${oneLine(known.join(' · '))}`, width)));
  }

  #messageStart(message: string | undefined): void {
    this.#message = message;
    this.#waitingFor = WAITING;
    this.#spoken.set(message, []);
    const [oldest] = this.#spoken.keys();
    if (this.#spoken.size > MAX_MESSAGES) this.#spoken.delete(oldest);
  }

  #delta(index: number, kind: SpokenKind, text: string): void {
    const blocks = this.#spoken.get(this.#message) ?? [];
    this.#spoken.set(this.#message, blocks);
    let spoken = blocks.find((block) => block.index === index && block.kind === kind);
    if (spoken === undefined) {
      spoken = { kind, index, text: '', begun: false, whole: false };
      blocks.push(spoken);
    }
    if (!spoken.whole) this.#say(spoken, text, styleOf(kind));
  }

  #block(block: MessageBlock, event: Extract<StreamEvent, { type: 'assistant' }>, width: number): void {
    if (block.type === 'call') this.#call(block, event.parent === undefined ? '' : ASIDE, width);
    else if (event.parent !== undefined) this.#aside(block.text);
    else this.#wholeText(block.type, block.text, event.message, event.isError ? red : styleOf(block.type));
  }

  /** A complete text: draws what was not shown yet. */
  #wholeText(kind: SpokenKind, text: string, message: string | undefined, style: (text: string) => string): void {
    const streamed = (this.#spoken.get(message) ?? this.#spoken.get(undefined))?.find(
      (block) => block.kind === kind && !block.whole,
    );
    const spoken = streamed ?? { kind, index: -1, text: '', begun: false, whole: false };
    if (text.startsWith(spoken.text)) this.#say(spoken, text.slice(spoken.text.length), style);
    spoken.whole = true;
    this.#startLine();
  }

  #say(spoken: Spoken, text: string, style: (text: string) => string): void {
    if (text === '') return;
    if (this.#speaking !== spoken) this.#release();
    spoken.text += text;
    if (spoken.kind === 'text') this.#lastSaid = spoken;
    const all = this.#held + text;
    this.#held = '';
    const cut = UNFINISHED.test(all) ? all.length - 1 : all.length;
    let shown = harmless(all.slice(0, cut));
    if (!spoken.begun) shown = shown.replace(/^\n+/, '');
    if (shown !== '') {
      if (this.#speaking !== spoken || !spoken.begun) this.#startBlock();
      spoken.begun = true;
      this.#emit(shown, style);
    }
    this.#speaking = spoken;
    this.#held = all.slice(cut);
  }

  /** What a subagent says, set in. */
  #aside(text: string): void {
    const { lines, more } = headLines(text.trimStart(), MAX_RESULT_LINES);
    this.#startBlock();
    for (const line of lines) this.#emit(`${ASIDE}${dim(plainLine(line))}\n`);
    if (more > 0) this.#emit(`${ASIDE}${dim(moreLines(more))}\n`);
  }

  #call(call: ToolCall, indent: string, width: number): void {
    if (this.#callAbove === undefined) this.#startBlock();
    else this.#startLine();
    const name = oneLine(call.name) || 'tool';
    const argument = oneLine(tellingArgument(call, this.#cwd));
    const room = width - indent.length - 2;
    const shownName = truncate(name, room);
    const rest = argument === '' ? '' : `(${truncate(argument, Math.max(1, room - displayWidth(shownName) - 2))})`;
    this.#emit(`${indent}${green('●')} ${bold(shownName)}${rest}\n`);
    this.#callAbove = call.id ?? '';
    this.#waitingFor = name;
    if (call.id !== undefined) this.#calls.set(call.id, name);
  }

  #result(result: ToolResult, indent: string, width: number): void {
    this.#startLine();
    const name = this.#calls.get(result.call ?? '');
    if (result.call !== undefined) this.#calls.delete(result.call);
    const whose = name === undefined || result.call === this.#callAbove ? '' : `${name}: `;
    const { lines, more } = headLines(result.text, MAX_RESULT_LINES);
    const shown = lines.map((line) => plainLine(line));
    if (result.text.trim() === '') shown.splice(0, shown.length, '(no output)');
    if (more > 0) shown.push(moreLines(more));
    const style = result.isError ? red : dim;
    for (const [place, line] of shown.entries()) {
      const lead = indent + (place === 0 ? '  ⎿  ' : '     ');
      const text = truncate(place === 0 ? whose + line : line, width - lead.length);
      this.#emit(text === '' ? '\n' : `${dim(lead)}${style(text)}\n`);
    }
    this.#callAbove = undefined;
    this.#waitingFor = WAITING;
  }

  /** The result repeats the agent's last words, as a rule: it is shown where they were not. */
  #turnEnd(result: ResultEvent): void {
    const said = this.#lastSaid?.text.trim() ?? '';
    const text = result.text.trim();
    const style = result.isError === false ? plain : red;
    const repeats = said !== '' && (text.endsWith(said) || said.endsWith(text));
    if (text !== '' && !repeats) this.#wholeText('text', result.text, undefined, style);
    for (const error of result.errors) this.#line(red(oneLine(error)));
  }

  /** Draws a line separate from the text around it. */
  #line(line: string): void {
    this.#startLine();
    this.#callAbove = undefined;
    this.#emit(`${line}\n`);
  }

  #startLine(): void {
    this.#release();
    this.#speaking = undefined;
    if (this.#newlines === 0) this.#emit('\n');
  }

  #startBlock(): void {
    this.#startLine();
    this.#callAbove = undefined;
    if (this.#newlines < 2) this.#emit('\n');
  }

  /** Draws what is held: nothing follows that could complete it. */
  #release(): void {
    const held = harmless(this.#held);
    this.#held = '';
    if (held !== '') this.#emit(held);
  }

  #emit(text: string, style: (text: string) => string = plain): void {
    this.#out += style(text);
    let words = text.length;
    while (words > 0 && text[words - 1] === '\n') words -= 1;
    this.#newlines = text.length - words + (words === 0 ? this.#newlines : 0);
  }

  #take(): string {
    const out = this.#out;
    this.#out = '';
    if (out === '' || !this.#statusShown) return out;
    this.#statusShown = false;
    return eraseLine + out;
  }
}

const WAITING = 'waiting';
/** The indentation of a subagent's lines. */
const ASIDE = '  ';
/** A carriage return, and the first half of a character that takes two in UTF-16. */
const UNFINISHED = /[\r\ud800-\udbff]$/;

function styleOf(kind: SpokenKind): (text: string) => string {
  return kind === 'thinking' ? dim : plain;
}

const moreLines = (count: number): string => `… ${count} more ${count === 1 ? 'line' : 'lines'}`;

function tellingArgument(call: ToolCall, cwd: string | undefined): string {
  const telling = TELLING.map((key) => call.input[key]).find((value) => typeof value === 'string');
  const argument = telling ?? Object.values(call.input).find((value) => typeof value === 'string');
  if (typeof argument !== 'string') return '';
  return cwd !== undefined && argument.startsWith(`${cwd}/`) ? argument.slice(cwd.length + 1) : argument;
}

function retryLine({ attempt, attempts, delayMs, why }: Extract<StreamEvent, { type: 'retry' }>): string {
  const which = attempt === undefined ? '' : ` ${attempt}${attempts === undefined ? '' : ` of ${attempts}`}`;
  const when = delayMs === undefined ? '' : ` in ${seconds(delayMs)}`;
  return oneLine(`↻ retry${which}${when}${why === '' ? '' : `: ${why}`}`);
}

function figures(result: ResultEvent): string[] {
  const { turns, durationMs, costUsd, tokensIn, tokensOut } = result;
  return [
    turns === undefined ? [] : `${turns} ${turns === 1 ? 'turn' : 'turns'}`,
    durationMs === undefined ? [] : seconds(durationMs),
    costUsd === undefined ? [] : `$${costUsd.toFixed(4)}`,
    tokensIn === undefined || tokensOut === undefined ? [] : `${tokensIn} tokens in, ${tokensOut} out`,
  ].flat();
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;
}
