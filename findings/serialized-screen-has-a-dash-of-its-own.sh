#!/usr/bin/env bash
# @xterm/addon-serialize 0.14.0 with @xterm/headless 6.0.0: is a screen that is serialized and written to another terminal the same screen?
#
# The guess: its text is. The addon is what editors bring terminals back with after a restart; cursor styles or a pending wrap may be lost, but no character is.
#
# Seen: where a wide character finds no room in the last column of a row that is blank, and goes to the next row, the restored screen has a `-` at the beginning
# of the blank row, which nobody printed. To have the row wrap the addon fills it with dashes and erases them again, from the column it gets to with `CSI 0 C`; but for CUF a zero is
# a one, as it is in every VT, so that the first dash is passed over. One letter at the beginning of the row, and all is well.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @xterm/headless@6.0.0 @xterm/addon-serialize@0.14.0 >/dev/null || exit 77
cat > restore.mjs <<'JS'
import xterm from '@xterm/headless';
import serialize from '@xterm/addon-serialize';
function terminal() {
  const it = new xterm.Terminal({ cols: 12, rows: 3, allowProposedApi: true });
  const addon = new serialize.SerializeAddon();
  it.loadAddon(addon);
  return { addon, write: (text) => new Promise((done) => it.write(text, done)), row: (y) => it.buffer.active.getLine(y).translateToString(true) };
}
async function restored(text) {
  const before = terminal();
  await before.write(text);
  const after = terminal();
  await after.write(before.addon.serialize());
  return [0, 1].map((y) => [before.row(y), after.row(y)]);
}
const blank = await restored('\x1b[12G日本');
const lettered = await restored('a\x1b[12G日本');
console.log(`a blank row: '${blank[0][0]}' comes back as '${blank[0][1]}', the next '${blank[1][0]}' as '${blank[1][1]}'`);
console.log(`with a letter: '${lettered[0][0]}' comes back as '${lettered[0][1]}'`);
process.exitCode = blank[0].join('|') === '|-' && lettered[0].join('|') === 'a|a' && blank[1].join('|') === '日本|日本' ? 0 : 1;
JS
node restore.mjs
