#!/usr/bin/env bash
# @xterm/headless 6.0.0, tmux 3.3a and ghostty-web 0.4.0: where is the cursor of a window of ten columns, when ten characters were printed?
#
# The guess: with auto-wrap the cursor stays in the last column with a wrap pending, as in a VT, so DSR 6 answers a column that exists:
# 10. The VT510 manual knows no column beyond the margin, and programs find the width of a character, or of the
# window, by printing and asking. And DECSC takes the pending wrap along, DECRC brings it back, as the same manual says.
#
# Seen: xterm.js and tmux both answer `CSI 1;11R`, a column that is not there; Ghostty answers 10. What asks through tmux, or in an editor's
# terminal, sees one column more than there is. Behind DECSC, CUP, DECRC xterm.js has forgotten the pending wrap: the next character is
# printed over the tenth; in Ghostty it begins the next row.
set -euo pipefail
for tool in node npm tmux; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
[ "$(tmux -V)" = 'tmux 3.3a' ] || { echo 'tmux 3.3a is needed'; exit 77; }
folder=$(mktemp -d)
trap 'tmux -S "$folder/tmux" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @xterm/headless@6.0.0 ghostty-web@0.4.0 >/dev/null || exit 77
cat > ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import xterm from '@xterm/headless';
globalThis.window ??= globalThis;
globalThis.self ??= globalThis;
const { Ghostty } = await import('ghostty-web');
const { instance } = await WebAssembly.instantiate(readFileSync('node_modules/ghostty-web/ghostty-vt.wasm'), { env: { log() {} } });

async function inXterm(text) {
  const terminal = new xterm.Terminal({ cols: 10, rows: 3, allowProposedApi: true });
  let answer = '';
  terminal.onData((data) => (answer += data));
  await new Promise((done) => terminal.write(text, done));
  return { answer, row: terminal.buffer.active.getLine(0).translateToString(true) };
}
function inGhostty(text) {
  const terminal = new Ghostty(instance).createTerminal(10, 3);
  terminal.write(text);
  terminal.update();
  const row = terminal.getViewport().slice(0, 10).map((cell) => String.fromCodePoint(cell.codepoint || 32)).join('');
  return { answer: terminal.readResponse() ?? '', row };
}
const column = ({ answer }) => Number(/;(\d+)R/.exec(answer)?.[1]);
const ask = '0123456789\x1b[6n';
const restore = '0123456789\x1b7\x1b[H\x1b8X';
const seen = [column(await inXterm(ask)), column(inGhostty(ask)), (await inXterm(restore)).row, inGhostty(restore).row];
console.log(`xterm.js answers column ${seen[0]}, Ghostty ${seen[1]}; after DECRC the row reads ${seen[2]} in xterm.js, ${seen[3]} in Ghostty`);
process.exitCode = seen.join() === '11,10,012345678X,0123456789' ? 0 : 1;
JS
node ask.mjs
cat > ask.sh <<'SH'
stty raw -echo
printf '\033[2J\033[H0123456789\033[6n'
IFS= read -r -d R answer
printf '%s' "${answer##*;}" > column
tmux -S tmux wait-for -S asked
SH
tmux -S "$folder/tmux" -f /dev/null new-session -d -x 10 -y 5 'bash ask.sh; sleep 5'
tmux -S "$folder/tmux" wait-for asked
echo "tmux answers column $(cat column)"
[ "$(cat column)" = 11 ]
