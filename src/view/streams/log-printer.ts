import { printableJsonLine, visible } from '../../core/text/printable.js';
import type { Pattern } from '../../core/pattern/pattern.js';
import { PLAIN, type Run } from '../../render/model/frame.js';
import { linksOf, runsToAnsi } from '../../render/pictures/print-frame.js';
import { linesToAnsi, linesToText } from '../../render/pictures/print-lines.js';
import { displayWidth, padEnd, truncate } from '../../core/terminal/display-width.js';
import { highlight } from '../print/highlight.js';
import { SEPARATOR } from '../lines/line-filter.js';
import type { LogBatch, LogLine, Source } from '../lines/log-batch.js';

export interface LogPrinterOptions {
  /** `cat`: the lines alone; `json`: an object a line. */
  readonly output: 'text' | 'cat' | 'json';
  readonly colour: boolean;
  /** Lines say whose they are. */
  readonly prefix: boolean;
  readonly timestamps: 'iso' | 'short' | 'rel' | undefined;
  /** What is marked in colour; global. */
  readonly highlight: Pattern | undefined;
  /** The lines go to a terminal. */
  readonly isTTY: boolean;
}

/** Whose lines are printed. */
export interface Printed {
  /** The task's id, and what people call it. */
  readonly id: string;
  readonly label: string;
  /** When the task began, in milliseconds of Unix time; undefined where it is not known. */
  readonly start: number | undefined;
}

/** Puts lines of any number of tasks into words for a terminal, a pipe or a program. */
export class LogPrinter {
  readonly #options: LogPrinterOptions;
  /** In cells; the widest so far, so that columns move at most when a wider name comes. */
  #prefixWidth = 0;

  constructor(options: LogPrinterOptions) {
    this.#options = options;
  }

  /** Makes room for the name of a task whose lines will come. */
  expect({ label }: Printed): void {
    this.#prefixWidth = Math.max(this.#prefixWidth, displayWidth(shortened(label)));
  }

  /** Text, or the bytes of it. */
  print(task: Printed, batch: LogBatch): string | Uint8Array {
    const { output, prefix, timestamps, colour, isTTY } = this.#options;
    const { source } = batch;
    const isBare =
      output === 'cat' || (output === 'text' && !prefix && timestamps === undefined && source === 'backend');
    if (isBare && !colour && !isTTY && batch.text !== undefined) return batch.text.bytes;
    const { lines } = batch;
    if (output === 'json') {
      return lines.map((line) => (line === SEPARATOR ? '' : `${jsonLine(task, source, line)}\n`)).join('');
    }
    if (isBare && !(colour && this.#options.highlight !== undefined)) {
      const text = colour ? linesToAnsi(lines) : linesToText(lines);
      return isTTY ? visible(text) : text;
    }
    return lines.map((line) => `${this.#head(task, source, line)}${this.#body(line, !isBare || isTTY)}\n`).join('');
  }

  /** What stands in front of a line: task, time, and who says it. */
  #head(task: Printed, source: Source, line: LogLine): string {
    const { output, timestamps } = this.#options;
    if (output === 'cat') return '';
    const time = timestamps === undefined ? '' : `${this.#dim(timeText(timestamps, line.ts, task.start))} `;
    const speaker = source === 'orch' ? this.#level(line, 'orch: ') : '';
    return this.#prefix(task) + time + speaker;
  }

  /** `body` behind the name of its task, both within `columns`. */
  prefixed(task: Printed, body: (columns: number) => string, columns: number): string {
    const prefix = this.#prefix(task);
    return prefix + body(Math.max(1, columns - displayWidth(prefix)));
  }

  /** The name of a task as it stands in front of its lines; empty where they have none. */
  #prefix(task: Printed): string {
    if (!this.#options.prefix) return '';
    const name = `${padEnd(shortened(task.label), this.#prefixWidth)} │ `;
    return this.#options.colour ? `\x1b[${colourOf(task.id)}m${name}\x1b[0m` : name;
  }

  /** `isRead`: by people, before whom a line must keep its order; what goes into programs alone stays as it was printed. */
  #body(line: LogLine, isRead: boolean): string {
    const { colour, highlight: pattern } = this.#options;
    if (!colour) return isRead ? visible(line.text) : line.text;
    if (line === SEPARATOR) return this.#dim(line.text);
    const runs = line.runs ?? plainRuns(line.text);
    const ansi = runsToAnsi(pattern === undefined ? runs : highlight(runs, pattern));
    const marked = isRead ? visible(ansi) : ansi;
    return line.runs === undefined && line.level !== undefined ? this.#level(line, marked) : marked;
  }

  #level({ level }: LogLine, text: string): string {
    if (!this.#options.colour) return text;
    if (level === 'ERROR') return `\x1b[31m${text}\x1b[0m`;
    return level === 'WARN' ? `\x1b[33m${text}\x1b[0m` : this.#dim(text);
  }

  #dim(text: string): string {
    return this.#options.colour ? `\x1b[2m${text}\x1b[0m` : text;
  }
}

/** Longer names would leave no room for lines. */
const MAX_PREFIX = 32;

function shortened(label: string): string {
  return truncate(label, MAX_PREFIX);
}

function plainRuns(text: string): readonly Run[] {
  return text === '' ? [] : [{ text, width: displayWidth(text), style: PLAIN }];
}

function jsonLine(task: Printed, source: Source, line: LogLine): string {
  const links = linksOf(line.runs ?? []);
  return printableJsonLine({
    ts: line.ts === undefined ? null : new Date(line.ts).toISOString(),
    task: task.id,
    source,
    iteration: line.iteration ?? null,
    offset: line.offset,
    text: line.text,
    final: line.final,
    ...(links.length > 0 && { links }),
  });
}

function timeText(format: 'iso' | 'short' | 'rel', ts: number | undefined, start: number | undefined): string {
  if (format === 'rel') return relative(ts === undefined || start === undefined ? undefined : ts - start);
  const date = ts === undefined ? undefined : new Date(ts);
  if (format === 'iso') return date?.toISOString() ?? UNKNOWN.iso;
  if (date === undefined) return UNKNOWN.short;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${three(date.getMilliseconds())}`;
}

/** `+0:01:02.345` since the task began. */
function relative(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN.rel;
  const sign = ms < 0 ? '-' : '+';
  const whole = Math.abs(Math.round(ms));
  const seconds = Math.floor(whole / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(whole % 1000)}`;
}

/** As wide as a time of that form. */
const UNKNOWN = { iso: '-'.padEnd(24), short: '-'.padEnd(12), rel: '-'.padEnd(12) };

function two(value: number): string {
  return value.toString().padStart(2, '0');
}

function three(value: number): string {
  return value.toString().padStart(3, '0');
}

/** The colours every terminal's theme has, but black, white and the greys: one for a task, the same in every view. */
const PREFIX_COLOURS = [36, 33, 32, 35, 34, 31, 96, 93, 92, 95, 94, 91];

function colourOf(id: string): number {
  let hash = 0x811c9dc5;
  // FNV-1a: tasks begun in a row have ids that differ in a digit, and shall not look alike.
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return PREFIX_COLOURS[(hash >>> 0) % PREFIX_COLOURS.length] ?? 36;
}
