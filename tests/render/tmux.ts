/** tmux as an oracle: what it makes of some output, joined lines and all. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const SENTINEL = 'all-was-read';
