import { spawnSync } from 'node:child_process';

/** The processes that this one has started, and that those have, by ps(1). */
export function descendants(): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    pairs.flatMap(([pid = 0, ppid]) => (ppid === parent && pid !== parent ? [pid, ...below(pid)] : []));
  return below(process.pid);
}
