#!/usr/bin/env bash
# @wterm/core 0.3.4, a terminal for web pages in 12 KB of WebAssembly: what a full erase of the history, and a full reset, leave.
#
# The guess: as in xterm, where both come from. `CSI 3 J` erases the lines above the screen and leaves the screen as it is; `ESC c` erases
# the screen, and the history as well (xterm.js and Ghostty do); `CSI 2 S` scrolls two rows off without keeping them, as in xterm.js.
#
# Seen: all three the other way round. `CSI 3 J` erases the history AND the screen; `ESC c` erases the screen and keeps every line of the
# history; the rows of `CSI 2 S` are added to it. A program that forgets its history before it prints on (`printf '\033[3J'`) has an empty
# screen there, and one that resets the terminal to hide what was shown has hidden nothing.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @wterm/core@0.3.4 @xterm/headless@6.0.0 >/dev/null || exit 77
cat > erase.mjs <<'JS'
import { WasmBridge } from '@wterm/core';
import xterm from '@xterm/headless';

const six = Array.from({ length: 6 }, (_, line) => `line ${line}\r\n`).join('');
const inWterm = async (text) => {
  const terminal = await WasmBridge.load();
  terminal.init(20, 3);
  terminal.writeString(text);
  const rows = [0, 1, 2].map((y) => Array.from({ length: 20 }, (_, x) => String.fromCodePoint(terminal.getCell(y, x).char || 32)).join('').trimEnd());
  return { above: terminal.getScrollbackCount(), screen: rows.join('|') };
};
const inXterm = async (text) => {
  const terminal = new xterm.Terminal({ cols: 20, rows: 3, allowProposedApi: true });
  await new Promise((done) => terminal.write(text, done));
  const buffer = terminal.buffer.active;
  return { above: buffer.baseY, screen: [0, 1, 2].map((y) => buffer.getLine(buffer.baseY + y).translateToString(true)).join('|') };
};
const seen = {};
for (const [name, text] of [['ED 3', `${six}\x1b[3J`], ['RIS', `${six}\x1bc`], ['SU 2', 'a\r\nb\r\nc\x1b[2S']]) {
  seen[name] = { wterm: await inWterm(text), xterm: await inXterm(text) };
  console.log(name, JSON.stringify(seen[name]));
}
const same =
  seen['ED 3'].xterm.screen === 'line 4|line 5|' && seen['ED 3'].wterm.screen === '||' &&
  seen.RIS.xterm.above === 0 && seen.RIS.wterm.above === 4 &&
  seen['SU 2'].xterm.above === 0 && seen['SU 2'].wterm.above === 2;
process.exitCode = same ? 0 : 1;
JS
node erase.mjs
