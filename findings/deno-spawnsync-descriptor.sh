#!/usr/bin/env bash
# Deno 2.9.6, node:child_process: what a child is given for a descriptor that is named by its number.
#
# The guess: stdio [0, 'pipe', 'pipe'] hands the child this process' standard input, as 'inherit' in that place does; Node says that both
# mean the same, and Deno's own spawn() does so.
#
# Seen: spawnSync() with 0 gives the child an empty input, without a word, where spawn() with 0 and spawnSync() with 'inherit' hand it
# over. stty(1), started so to ask for a terminal's settings, says that it is on no terminal. Node and Bun hand it over each time.
set -euo pipefail
for tool in node npm; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null || exit 77
cat > children.mjs <<'JS'
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const four = ['head', ['-c', '4']];
const heard = {};
for (const stdin of [0, 'inherit'])
  heard[`spawnSync ${stdin}`] = spawnSync(...four, { stdio: [stdin, 'pipe', 'pipe'], encoding: 'utf8' }).stdout;
const child = spawn(...four, { stdio: [0, 'pipe', 'pipe'] });
heard['spawn 0'] = '';
child.stdout.on('data', (text) => (heard['spawn 0'] += text));
await once(child, 'close');
console.log(JSON.stringify(heard));
JS
printf 'abcdefghijkl' > input
node=$(node children.mjs < input)
deno=$(DENO_DIR="$folder/cache" node_modules/.bin/deno run --allow-all children.mjs < input)
printf 'Node: %s\nDeno: %s\n' "$node" "$deno"
[ "$node" = '{"spawnSync 0":"abcd","spawnSync inherit":"efgh","spawn 0":"ijkl"}' ] || exit 1
[ "$deno" = '{"spawnSync 0":"","spawnSync inherit":"abcd","spawn 0":"efgh"}' ]
