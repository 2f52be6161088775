/** tmux as an oracle: what it makes of some output, joined lines and all. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/**
 * The lines of tmux's history and screen after `output`, wrapped rows joined, without blanks at their ends and at the end.
 * Takes a private server and some 0.2 s; throws where tmux does not come to the end of the output in 10 s.
 */
export function tmuxLines(
  output: Uint8Array,
  size: { readonly cols: number; readonly rows: number },
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tmux-'));
  const file = join(folder, 'output');
  const socket = join(folder, 'socket');
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  writeFileSync(file, output);
  try {
    // The limit holds for panes made after it was set, so the pane that counts is the second.
    tmux(
      'new-session',
      '-d',
      '-x',
      String(size.cols),
      '-y',
      String(size.rows),
      'sleep 60',
      ';',
      'set',
      '-g',
      'history-limit',
      '50000',
      ';',
      'set',
      '-g',
      'status',
      'off',
    );
    tmux('new-window', '-t', ':9', `stty raw -echo; cat '${file}'; printf '\\033]2;${SENTINEL}\\033\\\\'; sleep 60`);
    for (let tries = 0; tmux('display', '-p', '-t', ':9', '#{pane_title}').trim() !== SENTINEL; tries++) {
      if (tries === 200) throw new Error('tmux did not come to the end of the output');
      spawnSync('sleep', ['0.05']);
    }
    const lines = tmux('capture-pane', '-p', '-J', '-S', '-', '-t', ':9')
      .split('\n')
      .map((line) => line.trimEnd());
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  } finally {
    spawnSync('tmux', ['-S', socket, 'kill-server']);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One tmux for many screens that are resized while something prints on them. */
export class ResizedTmux implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tmux-'));
  readonly #fifo = join(this.#folder, 'output');
  #said = 0;
  #lostCursor = false;
  #lostRows = false;

  /**
   * In the last run of lines rows with text stood below the cursor's when there was no more room for them: tmux 3.3a drops them
   * before it lays out the others for another width.
   */
  get lostRows(): boolean {
    return this.#lostRows;
  }

  /**
   * In the last run of lines the row of the cursor may have left the screen while that was resized: tmux 3.3a then sets the cursor to the
   * first cell of the screen, which is another line's, and there it was found.
   */
  get lostCursor(): boolean {
    return this.#lostCursor;
  }

  constructor() {
    execFileSync('mkfifo', [this.#fifo]);
    this.#tmux('new-session', '-d', '-x', '80', '-y', '24', 'sleep 600', ';', 'set', '-g', 'history-limit', '50000');
    this.#tmux('set', '-g', 'status', 'off');
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-S', join(this.#folder, 'socket'), 'kill-server']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs `steps` on a fresh screen, and gives the joined lines of history and screen; or the rows of the screen alone. */
  run(size: Size, steps: readonly (Size | string)[], what: 'lines' | 'rows' = 'lines'): readonly string[] {
    this.#tmux('new-window', '-t', ':9', 'sleep 600', ';', 'resize-window', '-t', ':9', ...cells(size));
    this.#tmux(
      'respawn-pane',
      '-k',
      '-t',
      ':9',
      `stty raw -echo; printf '\\033]2;ready\\033\\\\'; cat '${this.#fifo}'; sleep 600`,
    );
    this.#until('ready');
    // Opened for both, it does not wait for the reader, and does not end between two steps.
    const output = openSync(this.#fifo, constants.O_RDWR);
    this.#lostCursor = this.#lostRows = false;
    try {
      for (const step of steps) {
        if (typeof step === 'string') {
          const said = `read-${this.#said++}`;
          writeSync(output, `${step}\x1b]2;${said}\x1b\\`);
          this.#until(said);
        } else if (what === 'rows') this.#tmux('resize-window', '-t', ':9', ...cells(step));
        else {
          const above = Number(this.#shown('#{history_size}'));
          this.#lostRows ||= this.#dropsRows(step);
          this.#tmux('resize-window', '-t', ':9', ...cells(step));
          const isAtTop = this.#shown('#{cursor_x},#{cursor_y}') === '0,0';
          this.#lostCursor ||= isAtTop && Number(this.#shown('#{history_size}')) > above;
        }
      }
      const range = what === 'lines' ? ['-J', '-S', '-'] : [];
      const lines = this.#tmux('capture-pane', '-p', ...range, '-t', ':9').split('\n');
      const trimmed = lines.map((line) => line.trimEnd());
      return trimmed.slice(0, trimmed.findLastIndex((line) => line !== '') + 1);
    } finally {
      this.#tmux('kill-window', '-t', ':9');
      closeSync(output);
    }
  }

  /** Whether a resize to `rows` rows leaves no room for text that stands below the cursor. */
  #dropsRows({ rows }: Size): boolean {
    const [cursor = 0, height = 0] = this.#shown('#{cursor_y},#{pane_height}').split(',').map(Number);
    const shown = this.#tmux('capture-pane', '-p', '-t', ':9').split('\n').slice(0, height);
    const dropped = Math.min(height - rows, height - 1 - cursor);
    return dropped > 0 && shown.slice(-dropped).some((line) => line.trim() !== '');
  }

  #until(title: string): void {
    for (let tries = 0; this.#shown('#{pane_title}') !== title; tries++) {
      if (tries === 400) throw new Error(`tmux did not come to ${title}`);
      if (tries > 5) spawnSync('sleep', ['0.02']);
    }
  }

  #shown(format: string): string {
    return this.#tmux('display', '-p', '-t', ':9', format).trim();
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-S', join(this.#folder, 'socket'), '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  }
}

interface Size {
  readonly cols: number;
  readonly rows: number;
}

function cells({ cols, rows }: Size): readonly string[] {
  return ['-x', String(cols), '-y', String(rows)];
}

const SENTINEL = 'all-was-read';
