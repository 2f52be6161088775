#!/usr/bin/env bash
# scriptreplay 2.38.1 (util-linux): how long does a pause last when a typescript is played at another speed?
#
# The guess: `--divisor N` divides every pause by N, as its manual says. A pause of 3 s lasts 1.5 s at 2 and 6 s at 0.5; one of
# half a second lasts a whole one at 0.5.
#
# Seen: the whole seconds and the microseconds of a pause are divided apart, each to a whole number, and nothing is carried from one to the
# other. At 2 a pause of 1 s is none at all, 3 s last 1 s, 1.5 s last a quarter of one: what was a thoughtful session rushes by. At 0.5 a pause of
# half a second would be 1,000,000 microseconds, which the system takes for no time: it is not waited either, so that *slower* is faster.
# A maximum (`--maxdelay`) is looked at behind the division, and hides none of it. At the speed it was recorded with all is right.
set -euo pipefail
command -v scriptreplay >/dev/null || { echo 'scriptreplay is needed'; exit 77; }
[ "$(scriptreplay --version)" = 'scriptreplay from util-linux 2.38.1' ] || { echo 'scriptreplay 2.38.1 is needed'; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf 'Script started\nab' > typescript

# Tenths of a second that a pause of $1 seconds takes with the options that follow.
tenths() {
  printf '0.000000 1\n%s 1\n' "$1" > timing
  shift
  local from to
  from=$(date +%s%N)
  scriptreplay "$@" -t timing -O typescript >/dev/null
  to=$(date +%s%N)
  echo $(((to - from + 50000000) / 100000000))
}

failed=0
see() { # seconds, options, the tenths seen and the tenths guessed
  local took
  took=$(tenths "$1" $2)
  echo "a pause of $1 s with '$2': $took tenths of a second; the guess is $4"
  # Busy machines are slow: up to three tenths more are still what was seen.
  if [ "$took" -lt "$3" ] || [ "$took" -gt $(($3 + 3)) ]; then failed=1; fi
}
see 3.000000 '' 30 30
see 1.000000 '--divisor 2' 0 5
see 3.000000 '--divisor 2' 10 15
see 1.500000 '--divisor 2' 2 7
see 0.500000 '--divisor 0.5' 0 10
see 3.000000 '--divisor 2 --maxdelay 2' 10 15
exit $failed
