import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const record = (agentDir: string, flags: readonly string[], script: string) =>
  runOrch(['run', '-q', '--dir', agentDir, ...flags, '--', 'sh', '-c', script]);

/** What orch says of the newest task, and the bytes it has of it. */
async function told(agentDir: string) {
  const raw = await runOrch(['logs', 'latest', '-o', 'raw', '--dir', agentDir]);
  const show = await runOrch(['show', '--dir', agentDir]);
  const json = await runOrch(['show', '--json', '--dir', agentDir]);
  const verify = await runOrch(['verify', '--dir', agentDir]);
  const found = JSON.parse(json.stdout.toString()) as { sha256?: string; chain?: string };
  return { bytes: raw.stdout, show: show.stdout.toString(), found, verify };
}

describe('the SHA-256 that orch tells is that of the bytes it gives back', () => {
  test.concurrent.each([
    ['of one part', [], 'seq 1 1000'],
    ['of one long part', [], 'seq 1 400000'],
    ['of many parts', ['--segment-size', '64KiB'], 'seq 1 100000'],
    ['of nothing', [], 'true'],
  ] as const)('%s', async (_, flags, script) => {
    using folder = temporaryFolder();
    await record(folder.path, flags, script);
    const { bytes, show, found, verify } = await told(folder.path);
    const whole = sha256(bytes);
    expect(found.sha256).toBe(whole);
    expect(onlyTask(folder.path).manifest.sha256).toBe(whole);
    expect(show).toContain(`SHA-256     ${whole}\n`);
    expect(show.includes('\nChain ')).toBe(found.chain !== whole);
    expect([verify.code, verify.stdout.toString()]).toEqual([0, expect.stringContaining(`ok   sha256: ${whole}\n`)]);
  });

  test.concurrent('there is none of what was removed in part to make room, only the chain', async () => {
    using folder = temporaryFolder();
    await record(
      folder.path,
      ['--segment-size', '64KiB', '--max-log-size', '64KiB'],
      'for i in 1 2 3 4 5 6; do seq 1 30000; sleep 0.2; done',
    );
    const { show, found, verify } = await told(folder.path);
    expect(found.sha256).toBeUndefined();
    expect(found.chain).toMatch(/^[0-9a-f]{64}$/);
    expect(show).not.toContain('SHA-256');
    expect(show).toContain(`Chain       ${found.chain ?? ''}\n`);
    expect([verify.code, verify.stdout.toString()]).toEqual([0, expect.stringContaining(found.chain ?? '?')]);
  });

  test.concurrent('it goes along in an archive, and comes of an import with a hole in it', async () => {
    using folder = temporaryFolder();
    const [from, to] = [join(folder.path, 'a'), join(folder.path, 'b')];
    await record(from, ['--segment-size', '64KiB'], 'seq 1 50000');
    const archive = join(folder.path, 'task.tar');
    await runOrch(['export', 'latest', '--dir', from, '-o', archive]);
    await runOrch(['import', archive, '--dir', to]);
    expect((await told(to)).found).toMatchObject({ sha256: sha256((await told(from)).bytes) });

    const lines = [
      { v: 1, task: 'task-1-1', started: '2026-01-02T03:04:05.000Z', size: { cols: 80, rows: 24 } },
      { ms: 0, offset: 0, text: 'before\r\n' },
      { ms: 5, offset: 8, missing: 100 },
      { ms: 9, offset: 108, text: 'after\r\n' },
    ];
    const file = join(folder.path, 'hole.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const holed = join(folder.path, 'c');
    await runOrch(['import', file, '--dir', holed]);
    const { found, verify } = await told(holed);
    expect(found.sha256).toBe(sha256(Buffer.from('before\r\nafter\r\n')));
    expect(verify.stdout.toString()).toContain('ok   sha256:');
  });

  test.concurrent('verify finds a wrong one, and a recording of the first orch is proven by its chain', async () => {
    using folder = temporaryFolder();
    await record(folder.path, ['--segment-size', '64KiB'], 'seq 1 50000');
    const path = join(onlyTask(folder.path).folder, 'task.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { chain: string };
    writeFileSync(path, JSON.stringify({ ...manifest, sha256: '0'.repeat(64) }));
    expect((await told(folder.path)).verify.code).toBe(4);
    const { chain, ...old } = manifest;
    writeFileSync(path, JSON.stringify({ ...old, sha256: chain }));
    const { show, verify } = await told(folder.path);
    expect([verify.code, show]).toEqual([0, expect.stringContaining(`Chain       ${chain}\n`)]);
    expect(show).not.toContain('SHA-256');
  });

  test.concurrent('a lost task is given both at its repair', async () => {
    using folder = temporaryFolder();
    await record(folder.path, ['--segment-size', '64KiB'], 'seq 1 50000');
    const path = join(onlyTask(folder.path).folder, 'task.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const { sha256: whole, chain } = manifest;
    const lost = { status: 'running', pid: 1, pidStart: 'another boot:1' };
    const gone = { sha256: undefined, chain: undefined, ended: undefined, exit: undefined };
    writeFileSync(path, JSON.stringify({ ...manifest, ...gone, ...lost }));
    rmSync(join(onlyTask(folder.path).folder, 'backend.idx'));
    await runOrch(['verify', '--repair', '--dir', folder.path]);
    expect((await told(folder.path)).found).toMatchObject({ sha256: whole, chain });
  });
});
