#!/usr/bin/env bash
# tmux 3.3a: a window of six rows, of which one is used, is made narrower while a program draws a progress bar. Where is its cursor?
#
# The guess: where it was in the text, at the beginning of the bar, which takes two rows now; with four empty rows below nothing has to scroll, and the next
# `\r`, `CSI K` draws the new bar over the beginning of the old one, as it does with any other terminal that lays lines out again.
#
# Seen: for the row that the wrapped bar takes more, a row at the top goes to the history, although the rows below are empty. With a line above the bar it is that line, and all is as guessed.
# With nothing above it is the beginning of the bar itself; the cursor is on its rest, and the next bar is drawn there. The old beginning
# stands in the history as a line of its own, which the program has never printed and cannot erase.
set -euo pipefail
command -v tmux >/dev/null || { echo 'tmux is needed'; exit 77; }
[ "$(tmux -V)" = 'tmux 3.3a' ] || { echo 'tmux 3.3a is needed'; exit 77; }
folder=$(mktemp -d)
trap 'for socket in "$folder"/*.socket; do tmux -S "$socket" kill-server 2>/dev/null || true; done; rm -rf "$folder"' EXIT
cd "$folder"
cat > bar.sh <<'SH'
stty raw -echo
socket=$1
shift
for line in "$@"; do printf '%s\r\n' "$line"; done
printf '=========> 90%%\r'
tmux -S "$socket" wait-for -S printed
tmux -S "$socket" wait-for resized
printf '\r\033[K=====>\033]2;drawn\007'
sleep 60
SH
in_tmux() { tmux -S "$socket" -f /dev/null "$@"; }
# Text of history and screen, the lines joined by `|`, behind the size of the history after the resize.
narrowed() {
  local socket=$1.socket
  shift
  in_tmux new-session -d -s bar -x 20 -y 6 "sh bar.sh $socket $*"
  in_tmux wait-for printed
  in_tmux resize-window -t bar -x 9 -y 6
  local above
  above=$(in_tmux display -p -t bar '#{history_size}')
  in_tmux wait-for -S resized
  for _ in $(seq 500); do [ "$(in_tmux display -p -t bar '#{pane_title}')" = drawn ] && break; done
  echo "$above: $(in_tmux capture-pane -p -S - -t bar | sed '/^$/d' | paste -sd '|')"
}
alone=$(narrowed first)
below=$(narrowed second line)
echo "the bar alone, in the history $alone"
echo "below a line, in the history $below"
[ "$alone" = '1: =========|=====>' ] && [ "$below" = '1: line|=====>|> 90%' ]
