#!/usr/bin/env bash
# scriptreplay 2.38.1 (util-linux): what is `0.5` in a timing file?
#
# The guess: a decimal number of seconds, half of one, however many digits it has. Both formats of timing files are lines of decimal numbers; the first
# scriptreplay, a program in Perl, read them as such, and converters that write them print as many digits as a number has.
#
# Seen: what stands behind the point is a number of its own: of microseconds. `0.5` is 5 microseconds, `0.500` is half a millisecond, `1.25` is hardly more
# than 1 s; only six digits mean what they seem to. A pause without a point, such as `2`, is an error whose reason is the one of a terminal call that failed before.
set -euo pipefail
command -v scriptreplay >/dev/null || { echo 'scriptreplay is needed'; exit 77; }
[ "$(scriptreplay --version)" = 'scriptreplay from util-linux 2.38.1' ] || { echo 'scriptreplay 2.38.1 is needed'; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf 'Script started\nab' > typescript

failed=0
see() { # format, pause, the tenths of a second seen
  local from to took
  if [ "$1" = classic ]; then printf '0.000000 1\n%s 1\n' "$2" > timing; else printf 'O 0.000000 1\nO %s 1\n' "$2" > timing; fi
  from=$(date +%s%N)
  scriptreplay -t timing -O typescript >/dev/null
  to=$(date +%s%N)
  took=$(((to - from + 50000000) / 100000000))
  echo "$1 timing, a pause of '$2': $took tenths of a second"
  if [ "$took" -lt "$3" ] || [ "$took" -gt $(($3 + 2)) ]; then failed=1; fi
}
for format in classic advanced; do
  see $format 0.500000 5
  see $format 0.5 0
  see $format 1.9 10
done
printf '0.000000 1\n2 1\n' > timing
if scriptreplay -t timing -O typescript >/dev/null 2>error; then failed=1; fi
echo "without a point: $(cat error)"
grep -q 'timing file error' error || failed=1
exit $failed
