#!/usr/bin/env bash
# asciinema 2.2.0: can `asciinema cat` make text of a recording in a script?
#
# The guess: it can. It prints what a recording's program printed, as fast as it can be read, to be put into a file or a pipe; nobody is asked anything, so a cron job or a step of a CI
# run needs no terminal for it, as little as cat(1) does.
#
# Seen: it opens /dev/tty for reading before it prints anything, though stdin, stdout and the recording are files. In a session without a controlling terminal it ends with 1
# and a Python traceback (ENXIO), and has printed nothing; under a terminal the same command is fine. `asciinema play` in the same place does with stdin.
set -euo pipefail
for tool in asciinema setsid script; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
[ "$(asciinema --version)" = 'asciinema 2.2.0' ] || { echo 'asciinema 2.2.0 is needed'; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > session.cast <<'CAST'
{"version": 2, "width": 80, "height": 24}
[0.1, "o", "hello\r\n"]
CAST
code=0
setsid --wait asciinema cat session.cast > without 2> error < /dev/null || code=$?
played=0
setsid --wait asciinema play session.cast > played 2>/dev/null < /dev/null || played=$?
script -qec 'asciinema cat session.cast > with' /dev/null < /dev/null > /dev/null
echo "without a terminal cat ends with $code and prints $(wc -c < without) bytes: $(tail -n 1 error)"
echo "without a terminal play ends with $played and prints $(wc -c < played) bytes; with one cat prints $(wc -c < with)"
[ "$code" = 1 ] && [ ! -s without ] && grep -q '/dev/tty' error && [ "$played" = 0 ] && [ -s played ] && grep -q hello with
