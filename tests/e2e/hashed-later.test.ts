import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../src/store/task/log-reader.js';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** More than is hashed before a run ends, a token in the middle. */
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const FLOOD = `yes 'all work and no play makes a dull recording' | head -c 9000000
echo ${TOKEN}
yes 'and again, and again, and again, and again, and again' | head -c 9000000`;

async function bytesOf(agentDir: string): Promise<string> {
  const [id = ''] = taskFolders(agentDir);
  const hash = createHash('sha256');
  for await (const { bytes } of readLog({ id, path: join(agentDir, id) })) hash.update(bytes);
  return hash.digest('hex');
}

describe('a run that printed more than can be hashed in a moment', () => {
  test('ends, and has its hash, and the warning of a secret, a little later: verify waits for that', async () => {
    using folder = temporaryFolder();
    const here = ['--dir', folder.path];
    const { code } = await runOrch(['run', '-q', ...here, '--segment-size', '8MiB', '--', 'sh', '-c', FLOOD]);
    expect(code).toBe(0);
    // On a machine that is slow enough it was hashed while it came: then all this is so at once.
    const verify = await runOrch(['verify', ...here]);
    const whole = await bytesOf(folder.path);
    expect([verify.code, verify.stdout.toString()]).toEqual([0, expect.stringContaining(`ok   sha256: ${whole}\n`)]);
    const { manifest, folder: task, taskLog, events } = onlyTask(folder.path);
    expect(manifest.sha256).toBe(whole);
    expect(readFileSync(join(task, 'task.json'), 'utf8')).not.toContain('hashing');
    expect(events.at(-1)?.type).toBe('task.end');
    expect(taskLog).toMatch(/WARN {2}a GitHub token is in the recording, from byte \d+ on/);
    expect((await runOrch(['show', ...here])).stdout.toString()).toContain(`SHA-256     ${whole}\n`);
  });

  test('says, where the process that hashes it was killed, that it has no hash, and repair makes it', async () => {
    using folder = temporaryFolder();
    const here = ['--dir', folder.path];
    await runOrch(['run', '-q', ...here, '--', 'seq', '1', '1000']);
    const path = join(onlyTask(folder.path).folder, 'task.json');
    const { sha256, chain, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...rest, hashing: { pid: 1, pidStart: 'another boot:1' } }));

    const shown = await runOrch(['show', ...here]);
    expect(shown.stdout.toString()).toContain('SHA-256     none: the process that was to compute it has gone');
    const before = await runOrch(['verify', ...here]);
    expect(before.code).toBe(4);
    expect(before.stdout.toString().match(/^FAIL.*$/gm)).toEqual([expect.stringContaining('orch verify --repair')]);
    const repaired = await runOrch(['verify', '--repair', ...here]);
    expect([repaired.code, repaired.stdout.toString()]).toEqual([0, expect.stringContaining('sha256: computed')]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...rest, sha256, chain });
  });
});
