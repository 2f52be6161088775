#!/usr/bin/env bash
# @xterm/headless 6.0.0 beside tmux 3.3a: does erasing the screen above the cursor (ED 1) leave the scrollback as it was?
#
# The guess: ED 1 erases cells of the screen, from its upper left corner up to the cursor. What scrolled off is history, and only ED 3
# touches that; a long line up there is laid out again as one line when the window becomes wider.
#
# Seen: with the cursor in the last column xterm.js takes the mark "continues the row above" from a row whose number it counts from the
# first row of the scrollback, not of the screen. So a wrapped line of the history, far above what is erased, falls in two for good: when
# the window is made wider its halves stay apart, and what copies or searches whole lines no longer finds it. tmux keeps it whole.
set -euo pipefail
for tool in node npm tmux; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
[ "$(tmux -V)" = 'tmux 3.3a' ] || { echo 'tmux 3.3a is needed'; exit 77; }
folder=$(mktemp -d)
trap 'tmux -S "$folder/tmux" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @xterm/headless@6.0.0 >/dev/null || exit 77
cat > history.mjs <<'JS'
import xterm from '@xterm/headless';

/** The first line of the history, after the window of ten columns was made twice as wide. */
async function firstLine(output) {
  const terminal = new xterm.Terminal({ cols: 10, rows: 4, scrollback: 100, allowProposedApi: true });
  await new Promise((done) => terminal.write(`abcdefghijKLMNO\r\n${'x\r\n'.repeat(8)}${output}`, done));
  terminal.resize(20, 4);
  return terminal.buffer.normal.getLine(0).translateToString(true);
}
const untouched = await firstLine('');
const erased = await firstLine('\x1b[1;10H\x1b[1J');
console.log(`xterm.js: ${untouched} where nothing was erased, ${erased} where the first row of the screen was`);
process.exitCode = untouched === 'abcdefghijKLMNO' && erased === 'abcdefghij' ? 0 : 1;
JS
node history.mjs
cat > erase.sh <<'SH'
printf 'abcdefghijKLMNO\r\n'
for n in 1 2 3 4 5 6 7 8; do printf 'x\r\n'; done
printf '\033[1;10H\033[1J'
tmux -S tmux wait-for -S erased
sleep 60
SH
tmux -S "$folder/tmux" -f /dev/null new-session -d -x 10 -y 5 'bash erase.sh'
tmux -S "$folder/tmux" wait-for erased
tmux -S "$folder/tmux" resize-window -x 20 -y 5
line=$(tmux -S "$folder/tmux" capture-pane -p -S - | head -n 1)
echo "tmux: $line"
[ "$line" = abcdefghijKLMNO ]
