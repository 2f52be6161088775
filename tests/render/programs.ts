/**
 * Programs that know what they print: each gives its output in pieces, with resizes in between, and the lines that must
 * be told, each once and in order. Written after what Ink and its kind send, not with them.
 */
import type { RenderChunk } from '../../src/render/index.js';

export interface Performance {
  readonly cols: number;
  readonly rows: number;
  readonly chunks: readonly RenderChunk[];
  /** The lines that stay, in order. */
  readonly expected: readonly string[];
}

export type InkStep =
  | { readonly type: 'render'; readonly statics: number; readonly frameRows: number }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number };

/**
 * An Ink program: static lines above a frame that is drawn anew at each step. A frame that fits is erased line by line;
 * one that does not is drawn by clearing screen and scrollback and printing every static line again.
 */
export function inkProgram(cols: number, rows: number, steps: readonly InkStep[]): Performance {
  const chunks: RenderChunk[] = [];
  const statics: string[] = [];
  let size = { cols, rows };
  let drawn = 0;
  for (const [number, step] of steps.entries()) {
    if (step.type === 'resize') {
      size = { cols: step.cols, rows: step.rows };
      chunks.push(step);
      continue;
    }
    const added = Array.from(
      { length: step.statics },
      (_, index) => `static ${statics.length + index} of step ${number}`,
    );
    statics.push(...added);
    const frame = Array.from({ length: step.frameRows }, (_, row) => frameLine(number, row));
    if (step.frameRows >= size.rows) {
      chunks.push(bytes(`\x1b[2J\x1b[3J\x1b[H${statics.map((line) => `${line}\r\n`).join('')}${frame.join('\r\n')}`));
      drawn = step.frameRows;
      continue;
    }
    const above = added.map((line) => `${line}\r\n`).join('');
    chunks.push(bytes(`${eraseLines(drawn)}${above}${frame.map((line) => `${line}\r\n`).join('')}`));
    drawn = step.frameRows + 1;
  }
  return { cols, rows, chunks, expected: statics };
}

/** One line is a spinner, one counts, the others stand still. */
function frameLine(step: number, row: number): string {
  if (row === 0) return `${'⠋⠙⠹⠸⠼⠴⠦⠧'[step % 8] ?? ''} working`;
  return row === 1 ? `${step} seconds` : `frame row ${row}`;
}

/** Up `count` lines, each erased, then to the first column. */
function eraseLines(count: number): string {
  if (count === 0) return '';
  return `${'\x1b[2K\x1b[1A'.repeat(count - 1)}\x1b[2K\x1b[G`;
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
