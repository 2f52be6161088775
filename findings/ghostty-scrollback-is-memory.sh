#!/usr/bin/env bash
# ghostty-web 0.4.0, Ghostty's terminal as WebAssembly behind the API of xterm.js. Its terminals take `scrollbackLimit`, which its
# `Terminal` fills from the option `scrollback`, a number of lines in xterm.js (10,000 is the default here).
#
# The guess: as in xterm.js, a limit of 1,000 keeps the last 1,000 lines, one of 10,000 ten times as many, however wide the window is.
#
# Seen: the limit is memory, in bytes, and pages are given up whole. 100, 1,000, 10,000 and 1,000,000 all keep the same lines: 1,129 of
# 20,000 at 80 columns and 306 of them at 200. What is kept goes up and down while lines come: 895 after 200,000. So the default of a
# wide window keeps 306 lines where ten thousand are read in the option, and no small number makes it keep fewer.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ghostty-web@0.4.0 >/dev/null || exit 77
cat > kept.mjs <<'JS'
import { readFileSync } from 'node:fs';
globalThis.window ??= globalThis;
globalThis.self ??= globalThis;
const { Ghostty } = await import('ghostty-web');
const wasm = readFileSync('node_modules/ghostty-web/ghostty-vt.wasm');

/** Lines above the screen, after so many short ones, in a terminal of its own. */
async function kept(scrollbackLimit, cols, lines) {
  const { instance } = await WebAssembly.instantiate(wasm, { env: { log() {} } });
  const terminal = new Ghostty(instance).createTerminal(cols, 24, { scrollbackLimit });
  for (let line = 0; line < lines; line += 1) terminal.write(`line ${line}\r\n`);
  terminal.update();
  return terminal.getScrollbackLength();
}

const narrow = [];
for (const limit of [100, 1_000, 10_000, 1_000_000]) narrow.push(await kept(limit, 80, 20_000));
const wide = await kept(10_000, 200, 20_000);
const long = await kept(10_000, 80, 200_000);
console.log(`limits of 100, 1,000, 10,000 and 1,000,000 at 80 columns keep ${narrow.join(', ')} lines of 20,000`);
console.log(`a limit of 10,000 at 200 columns keeps ${wide} of 20,000; at 80 columns ${long} of 200,000`);
const same = new Set(narrow).size === 1;
process.exitCode = same && narrow[0] > 1_000 && wide < 1_000 && long < narrow[0] ? 0 : 1;
JS
node kept.mjs
