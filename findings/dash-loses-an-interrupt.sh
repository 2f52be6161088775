#!/usr/bin/env bash
# dash 0.5.12 (Debian's sh) under a pseudo-terminal: what does a Ctrl-C do that is typed as soon as `sh -c 'echo begun; sleep 60'` has printed?
#
# The guess: it ends the script, whenever it comes. SIGINT goes to all of the foreground process group; a shell that is not interactive has its default action, and so has
# what it starts. At worst the shell has just forked, and then both die of it.
#
# Seen: in a sixth to a half of the rounds nothing happens: `^C` is echoed, shell and sleep go on for their sixty seconds, and a second Ctrl-C ends them. dash catches
# SIGINT (SigCgt in /proc/PID/status) though nothing traps it, and one that comes behind the builtin, while the next command is being started, is forgotten. bash
# loses none. Who answers a script as soon as it has printed something, as expect and recorders do, sees it.
set -euo pipefail
for tool in dash bash python3 dpkg-query; do command -v "$tool" >/dev/null || { echo "$tool is needed"; exit 77; }; done
case "$(dpkg-query -W -f '${Version}' dash)" in 0.5.12-*) ;; *) echo 'dash 0.5.12 is needed'; exit 77 ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/rounds.py" <<'PY'
import os, pty, select, signal, sys

def survives(shell):
    """Whether the script goes on for two seconds after a Ctrl-C, and then ends at another."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(shell, [shell, '-c', 'echo begun; sleep 60'])
    shown = b''
    while b'begun' not in shown:
        shown += os.read(terminal, 4096)
    os.write(terminal, b'\x03')
    went_on = not ended(terminal, 2)
    if went_on:
        os.write(terminal, b'\x03')
        if not ended(terminal, 10):
            sys.exit('a second Ctrl-C did not end it either')
    os.close(terminal)
    os.waitpid(pid, 0)
    return went_on

def ended(terminal, seconds):
    while select.select([terminal], [], [], seconds)[0]:
        try:
            if not os.read(terminal, 4096):
                return True
        except OSError:
            return True
    return False

ROUNDS = 100
lost = {shell: sum(survives(shell) for _ in range(ROUNDS)) for shell in ('dash', 'bash')}
for shell, count in lost.items():
    print(f'{shell}: {count} of {ROUNDS} went on')
sys.exit(0 if lost['dash'] > 0 and lost['bash'] == 0 else 1)
PY
python3 "$folder/rounds.py"
