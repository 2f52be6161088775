#!/usr/bin/env bash
# termrec 0.19: what of an asciicast does it play and convert?
#
# The guess: what the program printed. An asciicast of version 2 has events of several types: `o` output, `i` input, `r` a resize, `m` a marker; its
# description says that players pass over the types they do not know.
#
# Seen: the type of an event is not looked at: its text is output whatever it is. What a person typed, a password too, stands on the screen and in what
# `termcat` writes, a resize is `60x20` in the middle of the text, a marker its label; converted to an asciicast again they all are `o`. The terminal keeps its size,
# though termrec's own files do hold resizes, as CSI 8 t.
set -euo pipefail
for tool in termcat dpkg-query; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
case "$(dpkg-query -W -f '${Version}' termrec)" in 0.19-*) ;; *) echo 'termrec 0.19 is needed'; exit 77 ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > session.cast <<'CAST'
{"version": 2, "width": 40, "height": 10}
[0.5, "o", "password: "]
[1.25, "i", "typed"]
[2.0, "r", "60x20"]
[2.5, "m", "half way"]
[3.0, "o", "\r\nwelcome\r\n"]
CAST
termcat session.cast session.ansi
termcat session.cast again.cast
echo 'as text:'
cat -v session.ansi
echo 'as an asciicast:'
cat again.cast
failed=0
grep -q 'password: typed60x20half way' session.ansi || failed=1
[ "$(grep -c '"o"' again.cast)" = 5 ] || failed=1
[ "$(grep -c '8;20;60t' session.ansi || true)" = 0 ] || failed=1
exit $failed
