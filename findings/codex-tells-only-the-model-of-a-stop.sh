#!/usr/bin/env bash
# A command that codex's sandbox stopped is in none of the events of `codex exec --json`
#
# Run: `codex exec --json --sandbox read-only` of @openai/codex 0.171.0 (npm), against a model that is a script on the loopback interface. The
# model has it run one command, and then says that it is done.
#
# The good guess: each command is an item of the type `command_execution` with its exit code, whether it succeeds, fails, or is stopped by the
# sandbox; and a run in which something was stopped does not end with 0.
#
# What happens: a command that writes where it may only read has no item at all, neither begun nor ended. The one line about it ("Read-only
# file system") goes to the model. What a reader of the events sees are the model's own words around it, and the exit code is 0.
set -euo pipefail
command -v npm >/dev/null && command -v node >/dev/null || exit 77
work=$(mktemp -d "${HOME:-/tmp}/codex-finding-XXXXXX")
trap 'rm -rf "$work"; kill "${model:-}" 2>/dev/null || true' EXIT
cd "$work"
npm install --no-audit --no-fund --silent @openai/codex@0.171.0 >/dev/null 2>&1 || exit 77
cat >model.mjs <<'MODEL'
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  if (!request.url.endsWith('/responses')) return response.writeHead(404).end('{}');
  const { input } = JSON.parse(body);
  const results = input.filter(({ type }) => type === 'function_call_output');
  for (const { output } of results) appendFileSync('told', `${JSON.stringify(output)}\n`);
  const item =
    results.length === 0
      ? { type: 'function_call', id: 'f', call_id: 'c', name: 'exec_command', arguments: JSON.stringify({ cmd: process.env.COMMAND }) }
      : { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'I am done.', annotations: [] }] };
  const usage = { input_tokens: 1, input_tokens_details: { cached_tokens: 0 }, output_tokens: 1, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 2 };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [type, data] of [
    ['response.created', { response: { id: 'r' } }],
    ['response.output_item.done', { output_index: 0, item }],
    ['response.completed', { response: { id: 'r', output: [item], usage } }],
  ])
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  response.end();
});
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
MODEL

# events COMMAND: what codex says of a run in which the model has it run COMMAND.
events() {
  rm -f port told
  COMMAND=$1 node model.mjs &
  model=$!
  until [ -s port ]; do sleep 0.1; done
  mkdir -p home project
  cat >home/config.toml <<CONFIG
model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:$(cat port)/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
CONFIG
  code=0
  (cd project && CODEX_HOME=$work/home SCRIPTED_KEY=none timeout 120 "$work/node_modules/.bin/codex" exec --json --skip-git-repo-check --sandbox read-only "Do it." </dev/null 2>/dev/null) >events || code=$?
  kill "$model"
}

changed=0
for command in 'true' 'false' 'echo x > notes.md'; do
  events "$command"
  items=$(grep -c '"type":"command_execution"' events || true)
  echo "$command: exit $code, $items events of a command; the model was told: $(tail -n 1 told 2>/dev/null | grep -o 'exited with code [0-9]*\|Read-only file system' | tr '\n' ' ')"
  case $command in
    echo*) [ "$items" = 0 ] && [ "$code" = 0 ] && grep -q 'Read-only file system' told || changed=1 ;;
    *) [ "$items" -gt 0 ] || changed=1 ;;
  esac
done
exit $changed
