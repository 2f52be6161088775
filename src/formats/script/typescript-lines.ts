import { LF } from '../../core/terminal/codes.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { byFirstLine, type Recogniser } from '../model/recogniser.js';
import { readScriptTime, scriptTime } from './script-time.js';

/** What the first line of a typescript says; undefined: nothing of it. */
export interface TypescriptStart {
  /** Milliseconds of Unix time. */
  readonly started: number | undefined;
  readonly command: string | undefined;
  /** Of the terminal at the start. */
  readonly size: TerminalSize | undefined;
}

/** The first line of a typescript, without its end; `command` is one line. */
export function typescriptFirstLine(started: number, command: string, { cols, rows }: TerminalSize): string {
  return `${START}${scriptTime(started)} [COMMAND="${command}" COLUMNS="${cols}" LINES="${rows}"]`;
}

/** Reads the first line of a typescript; undefined where there was none. */
export function readFirstLine(line: string | undefined): TypescriptStart {
  const [, date, about = ''] = /^Script started on (.*?)(?: \[(.*?)\]?)?\s*$/s.exec(line ?? '') ?? [];
  const [, command, fields = about] = COMMAND_AND_FIELDS.exec(about) ?? [];
  return { started: readScriptTime(date), command, size: sizeOfTexts(cells('COLUMNS'), cells('LINES')) };

  function cells(name: string): string | undefined {
    return new RegExp(`(?:^| )${name}="(\\d{1,5})"`).exec(fields)?.[1];
  }
}

/** The text at the end of a typescript. It begins a line of its own; `exitCode`: undefined where it is not known. */
export function typescriptEnd(ended: number, exitCode: string | undefined): string {
  const code = exitCode === undefined ? '' : ` [COMMAND_EXIT_CODE="${exitCode}"]`;
  return `${END}${scriptTime(ended)}${code}\n`;
}

/** The exit code of the command, where the text at the end of a typescript has it. */
export function exitCodeIn(end: string): string | undefined {
  return /\[COMMAND_EXIT_CODE="(\d{1,3})"/.exec(end)?.[1];
}

/** The size of a terminal; script(1) writes -1, or nothing, for what it does not know. */
export function sizeOfTexts(cols: string | undefined, rows: string | undefined): TerminalSize | undefined {
  return terminalSize(Number(cols), Number(rows));
}

export interface TypescriptKind {
  readonly type: 'typescript';
  /** Its first line. */
  readonly header: string;
}

export const recogniseTypescript: Recogniser<TypescriptKind> = (head, ended) => {
  const length = Math.min(head.length, START_BYTES.length);
  if (!START_BYTES.subarray(0, length).equals(head.subarray(0, length))) return undefined;
  // A text that only begins as one has no second line.
  return ended && !head.includes(LF) ? undefined : byHeader(head, ended);
};

const byHeader = byFirstLine((header): TypescriptKind => ({ type: 'typescript', header }));

const START = 'Script started on ';
const START_BYTES = Buffer.from(START);
/** script(1) begins a line of its own for it. */
const END = '\nScript done on ';
export const TYPESCRIPT_END: Uint8Array = Buffer.from(END);

/** script(1) writes the command as it is, quotes included: it ends where nothing but the other fields follows. */
const COMMAND_AND_FIELDS =
  /^COMMAND="(.*?)"((?: TERM="[^"]*")?(?: TTY="[^"]*")?(?: COLUMNS="[^"]*")?(?: LINES="[^"]*")?(?: <[^>]*>)?)$/s;
