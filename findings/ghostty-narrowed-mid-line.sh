#!/usr/bin/env bash
# libghostty-vt 0.6.3 (a Bun binding of Ghostty's terminal) and ghostty-web 0.4.0 (an older state of it as WebAssembly): a window that is
# made narrower while a program prints a line.
#
# The guess: Ghostty reflows the line the cursor stands on, too (xterm.js 6 does not, and cuts it), so it must take the cursor along:
# 16 letters at 20 columns become two rows at 10, the cursor behind the sixth letter of the second, and what the program prints next
# follows them. tmux does that.
#
# Seen: the line is reflowed and nothing is cut, but the cursor is left in the last column of the line's FIRST row. What comes next is
# printed over the middle of the text: `abcdefghijklmnop` + `!!!` becomes `abcdefghi!` `!!mnop`. It is the same at 12, 19 and 36 letters,
# in both versions; a line that still fits on one row is left alone. A recorder that takes Ghostty as its model of the screen loses text
# whenever somebody drags a window while an agent streams.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ghostty-web@0.4.0 libghostty-vt@0.6.3 bun@1.4.5 >/dev/null || exit 77
(cd node_modules/bun && node install.js >/dev/null 2>&1) || exit 77
cat > web.mjs <<'JS'
import { readFileSync } from 'node:fs';
globalThis.window ??= globalThis;
globalThis.self ??= globalThis;
const { Ghostty } = await import('ghostty-web');
const { instance } = await WebAssembly.instantiate(readFileSync('node_modules/ghostty-web/ghostty-vt.wasm'), { env: { log() {} } });
const terminal = new Ghostty(instance).createTerminal(20, 6);
terminal.write('abcdefghijklmnop');
terminal.resize(10, 6);
terminal.write('!!!');
terminal.update();
const cells = terminal.getViewport();
const rows = Array.from({ length: 6 }, (_, y) =>
  cells.slice(y * 10, y * 10 + 10).map((cell) => String.fromCodePoint(cell.codepoint || 32)).join('').trimEnd());
console.log(rows.filter((row) => row !== '').join(' | '));
JS
cat > native.ts <<'JS'
import { Formatter, Terminal } from 'libghostty-vt';
const terminal = new Terminal({ cols: 20, rows: 6 });
terminal.vtWrite(new TextEncoder().encode('abcdefghijklmnop'));
terminal.resize(10, 6);
terminal.vtWrite(new TextEncoder().encode('!!!'));
console.log(new Formatter({ format: 'plain' }).formatString(terminal).split('\n').join(' | '));
JS
web=$(node web.mjs)
native=$(node_modules/.bin/bun native.ts)
echo "ghostty-web:   $web"
echo "libghostty-vt: $native"
[ "$web" = 'abcdefghi! | !!mnop' ] && [ "$native" = 'abcdefghi! | !!mnop' ]
