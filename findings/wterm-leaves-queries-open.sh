#!/usr/bin/env bash
# @wterm/core 0.3.4, a terminal for web pages: which questions of a program it answers, and what DEL does.
#
# The guess: a terminal that says where its cursor is (DSR 6) also answers DA1 and DSR 5, the two questions everything answers since the
# VT100; programs use DA1 as the end of a row of questions, since no terminal leaves it open. DEL in output is a fill character: ignored.
#
# Seen: DSR 6 is answered, DA1, DA2 and DSR 5 never are, nor is DECRQM, though it honours mode 2026: coding agents that ask DA1 last wait
# for their own time limit, and none learns that it could draw whole frames. DEL rubs out the letter in front of it.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @wterm/core@0.3.4 >/dev/null || exit 77
cat > ask.mjs <<'JS'
import { WasmBridge } from '@wterm/core';

const terminal = await WasmBridge.load();
terminal.init(20, 3);
const answer = (question) => {
  terminal.writeString(question);
  return terminal.getResponse();
};
const cursor = answer('\x1b[6n');
const open = { DA1: answer('\x1b[c'), DA2: answer('\x1b[>c'), 'DSR 5': answer('\x1b[5n'), 'DECRQM 2026': answer('\x1b[?2026$p') };
terminal.writeString('\x1b[?2026h');
const honoured = terminal.synchronizedOutput();
terminal.writeString('\x1b[?2026l\x1b[H\x1b[2Jab\x7fc');
const row = Array.from({ length: 4 }, (_, x) => String.fromCodePoint(terminal.getCell(0, x).char || 32)).join('').trimEnd();
console.log('DSR 6:', JSON.stringify(cursor), open, 'mode 2026 honoured:', honoured, 'ab DEL c:', row);
const same = cursor !== null && Object.values(open).every((reply) => reply === null) && honoured && row === 'ac';
process.exitCode = same ? 0 : 1;
JS
node ask.mjs
