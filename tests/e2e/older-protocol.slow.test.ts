/** Clients of a host of an older orch, and older clients of a host: this build, speaking one number less. */
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROTOCOL } from '../../src/host/messages.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { lives } from '../fixtures/processes.js';
import { ORCH, type PipedRun, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal } from '../fixtures/terminal.js';

const PROJECT = join(ORCH, '../../..');

/** Makes a copy of the build that speaks the version before, and gives its command. */
function olderBuild(folder: string): string {
  cpSync(join(PROJECT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['package.json', 'node_modules']) symlinkSync(join(PROJECT, name), join(folder, name));
  const command = join(folder, 'dist/command');
  let replaced = 0;
  for (const name of readdirSync(command).filter((file) => file.endsWith('.js'))) {
    const source = readFileSync(join(command, name), 'utf8');
    const older = source.replaceAll(/(\bprotocol(?::|===|,))(\d+)/g, (whole, before: string, number: string) => {
      replaced += Number(number) === PROTOCOL ? 1 : 0;
      return Number(number) === PROTOCOL ? `${before}${PROTOCOL - 1}` : whole;
    });
    if (older !== source) writeFileSync(join(command, name), older);
  }
  // Each end says it once, and looks once at what the other says; what is refused is said with both.
  if (replaced !== 5) throw new Error(`the version stands ${replaced} times in the build`);
  return join(command, 'bin.js');
}

test('a host and a client of different versions say so in one line, and orch stop ends it all the same', async () => {
  using folder = temporaryFolder();
  const older = olderBuild(folder.path);
  const now = (args: readonly string[]): Promise<PipedRun> => runOrch(args);
  const before = (args: readonly string[]): Promise<PipedRun> => runPiped(process.execPath, [older, ...args]);
  for (const [host, client, clientBin, its, ours] of [
    [before, now, ORCH, PROTOCOL - 1, PROTOCOL],
    [now, before, older, PROTOCOL, PROTOCOL - 1],
  ] as const) {
    const dir = join(folder.path, `of-${its}`);
    const started = await host(['run', '-d', '--dir', dir, '--', 'sleep', '60']);
    expect([started.code, started.stderr]).toEqual([0, '']);
    const id = started.stdout.toString().trim();
    const line = new RegExp(
      `^orch: ${id} is run by orch \\S+, which speaks version ${its} of the protocol of hosts; this one speaks ${ours} [^\\n]*\\n$`,
    );
    try {
      for (const args of [
        ['send', '--dir', dir, id, 'text'],
        ['detach', '--dir', dir, id],
      ])
        expect(await client(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(line) as string });
      await using terminal = openTerminal(process.execPath, [clientBin, 'attach', '--dir', dir, id], { cols: 300 });
      expect(await terminal.end()).toEqual({ code: 1 });
      expect(terminal.bytes.toString().replaceAll('\r\n', '\n')).toMatch(line);
    } finally {
      const { pid } = onlyTask(dir).manifest;
      const stopped = await client(['stop', '--dir', dir, id]);
      expect([stopped.code, stopped.stdout.toString()]).toEqual([0, expect.stringMatching(/failed SIGTERM/)]);
      await eventually(() => !lives(pid), 'the end of the host');
    }
  }
});
