import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { ORCH, runPiped } from '../fixtures/run-orch.js';
import type { Fence } from './fences.js';

/** Ends its turn at once, and says LOOP_COMPLETE. */
const CLAUDE = `case "$1" in
  --version) echo '2.0.0 (Claude Code)' ;;
  *) printf '%s\\n' '{"type":"result","subtype":"success","is_error":false,"result":"fixed\\nLOOP_COMPLETE"}' ;;
esac`;

/** Says LOOP_COMPLETE at its third run in a folder. */
const OPENCODE = `[ "$1" = --version ] && exec echo 1.0.0
cat > prompt.seen; echo x >> runs
echo 'error: one'; echo 'TypeError: x'; echo 'tests passed'
[ "$(wc -l < runs)" -lt 3 ] || { echo BUILD; echo LOOP_COMPLETE; }`;

/** What the lines of the docs need beside orch. */
const PROGRAMS = {
  orch: `exec '${process.execPath}' '${ORCH}' "$@"`,
  claude: CLAUDE,
  opencode: OPENCODE,
  'notify-send': 'exit 0',
  make: 'echo "cc -c main.c"; echo "error: none"',
};

/** What is in the folder in front of every line: tasks of the names that the docs use, and files to read. */
const PREPARATION = `set -e
orch run -q -b opencode --until LOOP_COMPLETE --max-iterations 3 --name nightly 'build it'
orch run -q --name fix-tests -- echo 'all fixed'
orch export nightly -o nightly.tar
orch export nightly -o session.cast
orch export nightly -o made.script
mv made.script typescript; mv made.script.timing timing
printf 'fix the tests\\nexplain this repo\\n' > todo.txt
echo 'do it all' > todo.md
echo 'retention: { maxTasks: 200 }' > orch.yml`;

/** A folder in which lines of the docs can be run. */
export class World {
  readonly #folder: string;
  readonly #path: string;

  private constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
  }

  static async prepared(folder: string, yaml: readonly Fence[]): Promise<World> {
    const world = new World(folder, fakeAgents(join(folder, 'programs'), PROGRAMS));
    mkdirSync(join(folder, 'template', '.cache'), { recursive: true });
    for (const { code } of yaml) {
      const [, name] = /^# (\S+\.yml)\n/.exec(code) ?? [];
      if (name !== undefined) writeFileSync(join(folder, 'template', name), code);
    }
    const { code, stderr } = await world.run(PREPARATION, 'template');
    if (code !== 0) throw new Error(stderr);
    return world;
  }

  /** A folder as it was prepared, for one page. */
  copy(name: string): void {
    cpSync(join(this.#folder, 'template'), join(this.#folder, name), { recursive: true });
  }

  run(line: string, name: string): ReturnType<typeof runPiped> {
    return runPiped('bash', ['-c', line], { cwd: this.cwd(name), env: this.env(name) });
  }

  cwd(name: string): string {
    return join(this.#folder, name);
  }

  env(name: string): Record<string, string> {
    return { PATH: this.#path, HOME: this.cwd(name) };
  }
}
