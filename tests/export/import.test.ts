import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Headers, pack } from 'tar-stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCli } from '../fixtures/cli.js';
import { importBytes, importStream, namesIn, newAgentDir, writeSteps } from '../fixtures/export-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { writeWholeTask } from '../fixtures/whole-task.js';

describe('what can be imported', () => {
  test('an asciicast of version 1, whose times are delays', async () => {
    using parent = temporaryFolder();
    const cast = {
      version: 1,
      width: 90,
      height: 30,
      command: 'ls',
      title: 'T',
      stdout: [
        [0.5, 'a'],
        [1.25, 'b\r\n'],
      ],
    };
    const { log, index, manifest } = await importBytes(parent.path, Buffer.from(JSON.stringify(cast, undefined, 1)));
    expect(log.toString()).toBe('ab\r\n');
    expect(index).toEqual([
      [500, 'o', 1],
      [1750, 'o', 4],
    ]);
    expect(manifest).toMatchObject({ size: { cols: 90, rows: 30 }, argv: ['ls'], name: 'T', backend: 'import' });
    expect(manifest).toMatchObject({ status: 'done', started: '2026-01-02T03:04:05.678Z' });
  });

  test('one of version 2, with input, marks and comments in between, and a time that goes back', async () => {
    using parent = temporaryFolder();
    const cast = [
      '{"version": 2, "width": 80, "height": 24, "timestamp": 1767323045}',
      '[1.0, "o", "a"]',
      '# a comment',
      '[1.5, "i", "x"]',
      '[1.6, "m", "chapter"]',
      '[1.2, "o", "b"]',
      '[2.0, "r", "100x50"]',
    ].join('\n');
    const { log, index, manifest, damaged } = await importBytes(parent.path, Buffer.from(cast));
    expect([log.toString(), damaged]).toEqual(['ab', 0]);
    expect(index).toEqual([
      [1000, 'o', 1],
      [1600, 'o', 2],
      [2000, 'r', 2, 100, 50],
    ]);
    expect(manifest).toMatchObject({ started: '2026-01-02T03:04:05.000Z', argv: ['file'] });
    expect(manifest.exit).toBeUndefined();
  });

  test('a typescript in the classic format of its timing, of a time before sizes were noted', async () => {
    using parent = temporaryFolder();
    const script =
      'Script started on 2026-01-02 03:04:05+00:00\none\r\ntwo\r\n\nScript done on 2026-01-02 03:04:09+00:00\n';
    const timing = Buffer.from('0.25 5\n1,75 5\n');
    const { log, index, manifest } = await importBytes(parent.path, Buffer.from(script), { timing, chunkBytes: 7 });
    expect(log.toString()).toBe('one\r\ntwo\r\n');
    expect(index).toEqual([
      [250, 'o', 5],
      [2000, 'o', 10],
    ]);
    expect(manifest).toMatchObject({ size: { cols: 80, rows: 24 }, started: '2026-01-02T03:04:05.000Z' });
  });

  test('a ttyrec, whatever the chunks', async () => {
    using parent = temporaryFolder();
    const record = (seconds: number, micros: number, text: string): Buffer => {
      const header = Buffer.alloc(12);
      for (const [at, value] of [seconds, micros, text.length].entries()) header.writeUInt32LE(value, at * 4);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    const bytes = Buffer.concat([record(1767323045, 250_000, 'one\r\n'), record(1767323047, 0, 'two')]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (chunkBytes) => {
        const { log, index, manifest, damaged } = await importBytes(newAgentDir(parent.path), bytes, { chunkBytes });
        expect([log.toString(), damaged]).toEqual(['one\r\ntwo', 0]);
        expect(index).toEqual([
          [0, 'o', 5],
          [1750, 'o', 8],
        ]);
        expect(manifest.started).toBe('2026-01-02T03:04:05.250Z');
      }),
      { numRuns: runs(20) },
    );
    const torn = await importBytes(newAgentDir(parent.path), bytes.subarray(0, -1));
    expect([torn.log.toString(), torn.damaged]).toEqual(['one\r\ntw', 1]);
  });

  test('anything else as it is, with the line ends a terminal would have got', async () => {
    using parent = temporaryFolder();
    expect((await importBytes(newAgentDir(parent.path), Buffer.from('a\nb\n'))).log.toString()).toBe('a\r\nb\r\n');
    const bytes = Buffer.from([0xff, 0, 0x1b, 0x0d, 0x0a]);
    expect((await importBytes(newAgentDir(parent.path), bytes)).log).toEqual(bytes);
    expect((await importBytes(newAgentDir(parent.path), Buffer.alloc(0))).manifest.bytes).toBe(0);
  });

  test('what begins well and goes on as garbage: a task of what there was, or one error, and nothing half made', async () => {
    using parent = temporaryFolder();
    const starts = fc.constantFrom(
      '{"version":2,"width":80,"height":24}\n',
      '{"version":3,"term":{"cols":80,"rows":24}}\n',
      '{"version":1,"width":80,"height":24,"stdout":[',
      'Script started on 2026-01-02 03:04:05+00:00 [COLUMNS="80" LINES="24"]\n',
      '{"v":1,"task":"task-1-1","size":{"cols":80,"rows":24}}\n',
      '\x01\0\0\0\x01\0\0\0\x05\0\0\0',
      '',
    );
    const lines = fc.constantFrom(
      '[0.5,"o","x"]\n',
      '[1e999,"o","x"]\n',
      '[-1,"r","0x0"]\n',
      '{"ms":5,"offset":0,"text":"x"}\n',
      '{"ms":1e300,"missing":1e12}\n',
      '{"ms":9,"missing":7}\n',
      '\nScript done on ',
    );
    const garbage = fc.array(
      fc.oneof(
        lines.map((line) => Buffer.from(line)),
        fc.uint8Array({ maxLength: 30 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(starts, garbage, async (start, rest) => {
        const agentDir = newAgentDir(parent.path);
        const bytes = Buffer.concat([Buffer.from(start), ...rest]);
        const imported = await importBytes(agentDir, bytes).catch((error: unknown) => error);
        if (!(imported instanceof Error)) {
          const { code, stdout } = await runCli(['verify', '--dir', agentDir], { cwd: parent.path });
          expect(stdout.replace(/^FAIL gaps.*\n(?: .*\n)*/m, '')).not.toContain('FAIL');
          expect(code === 0 || stdout.includes('FAIL gaps')).toBe(true);
        } else {
          expect(imported).toHaveProperty('code');
          expect(namesIn(agentDir)).toEqual([]);
        }
      }),
      { numRuns: runs(150) },
    );
  });

  test('a line of 300 MB costs its line', async () => {
    using parent = temporaryFolder();
    async function* bytes(): AsyncGenerator<Uint8Array, void, void> {
      yield Buffer.from('{"version":2,"width":80,"height":24}\n[1,"o","a"]\n[2,"o","');
      for (let at = 0; at < 300; at++) yield await Promise.resolve(Buffer.alloc(1e6, 'x'));
      yield Buffer.from('"]\n[3,"o","b"]\n');
    }
    const { log, damaged } = await importStream(parent.path, bytes());
    expect([log.toString(), damaged]).toEqual(['ab', 1]);
  });
});

describe('orch import', () => {
  const cast = '{"version":2,"width":80,"height":24}\n[1,"o","hello\\r\\n"]\n';

  test('prints the id, and every view works on it', async () => {
    using home = temporaryFolder();
    writeFileSync(join(home.path, 'a.cast.gz'), gzipSync(cast));
    const { code, stdout, stderr } = await runCli(['import', 'a.cast.gz', '--name', 'greeting'], { cwd: home.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^task-\d+-1\n$/);
    expect((await runCli(['logs', 'greeting', '--backend'], { cwd: home.path })).stdout).toBe('hello\n');
    expect((await runCli(['verify', 'greeting'], { cwd: home.path })).code).toBe(0);
    expect((await runCli(['ls'], { cwd: home.path })).stdout).toMatch(/greeting .*done/);
  });

  test.each([
    ['a file that is not there', 'none.cast', undefined],
    ['a gzip that was cut short', 'cut.gz', gzipSync(Buffer.alloc(100_000, 'abc\n')).subarray(0, 60)],
    ['a gzip in a gzip', 'twice.gz', gzipSync(gzipSync('x'))],
    ['an asciicast of the future', 'new.cast', Buffer.from('{"version":9,"width":80,"height":24}\n')],
    ['a tar that was cut short', 'cut.tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\x0000')])],
  ])('of %s it says so in one line, and nothing is left', async (_, name, content) => {
    using home = temporaryFolder();
    if (content !== undefined) writeFileSync(join(home.path, name), content);
    mkdirSync(join(home.path, '.agent'));
    const { code, stdout, stderr } = await runCli(['import', name], { cwd: home.path });
    expect({ code: code > 0, stdout }).toEqual({ code: true, stdout: '' });
    expect(stderr).toMatch(/^orch: [^\n]+\n$/);
    expect(namesIn(join(home.path, '.agent')).filter((file) => file !== '.gitignore')).toEqual([]);
  });

  test.each([
    ['an empty file', 'empty.log', Buffer.alloc(0), 4],
    ['nothing, compressed', 'empty.gz', gzipSync(''), 4],
    ['an asciicast of the future', 'new.cast', Buffer.from('{"version":9,"width":80,"height":24}\n'), 4],
    ['a folder', '.', undefined, 1],
    ['a file that is not there', 'none.cast', undefined, 1],
  ])('of %s makes no task, and no folder for one', async (_, name, content, expected) => {
    using home = temporaryFolder();
    if (content !== undefined) writeFileSync(join(home.path, name), content);
    const before = namesIn(home.path);
    for (const flags of [[], ['--dir', join('some', 'where')]]) {
      const { code, stdout, stderr } = await runCli(['import', name, ...flags], { cwd: home.path });
      expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
      expect(stderr).toMatch(/^orch: [^\n]+ — [^\n]+\n$/);
      expect(namesIn(home.path)).toEqual(before);
    }
  });
});

describe('a task in a tar', () => {
  const whole = async (home: string): Promise<Buffer> => {
    const path = join(home, 'whole.tar');
    const { code, stderr } = await runCli(['export', '--no-redact', '-o', 'whole.tar'], { cwd: home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return readFileSync(path);
  };

  test('is elsewhere what it was, by its own id', async () => {
    using home = temporaryFolder();
    const folder = writeWholeTask(join(home.path, '.agent'), { parts: ['one\r\n', 'two\r\n'] });
    await whole(home.path);
    const { stdout } = await runCli(['import', 'whole.tar', '--dir', 'other'], { cwd: home.path });
    expect(stdout).toBe(`${folder.id}\n`);
    const there = join(home.path, 'other', folder.id);
    expect(namesIn(there)).toEqual(namesIn(folder.path));
    for (const name of namesIn(there)) {
      expect(readFileSync(join(there, name))).toEqual(readFileSync(join(folder.path, name)));
    }
  });

  test('gets another id where its own is taken, in everything that names it', async () => {
    using home = temporaryFolder();
    const folder = writeWholeTask(join(home.path, '.agent'));
    await whole(home.path);
    const { stdout } = await runCli(['import', 'whole.tar'], { cwd: home.path });
    const id = stdout.trim();
    expect(id).not.toBe(folder.id);
    expect((await runCli(['verify', id], { cwd: home.path })).stdout).toMatch(/^ok {3}manifest/m);
    expect((await runCli(['verify', '-A'], { cwd: home.path })).code).toBe(0);
    expect(readFileSync(join(home.path, '.agent', id, 'task.log'), 'utf8')).toContain(`where it was ${folder.id}`);
  });

  test('cut anywhere it is refused, and nothing is left', async () => {
    using home = temporaryFolder();
    writeWholeTask(join(home.path, '.agent'));
    const tar = await whole(home.path);
    mkdirSync(join(home.path, 'other'));
    for (let length = 512; length < tar.length; length += 512) {
      writeFileSync(join(home.path, 'cut.tar'), tar.subarray(0, length));
      const { code, stderr } = await runCli(['import', 'cut.tar', '--dir', 'other'], { cwd: home.path });
      expect([code, stderr]).toEqual([4, expect.stringMatching(/^orch: the archive was not imported: .*\n$/)]);
      expect(namesIn(join(home.path, 'other'))).toEqual([]);
    }
  });

  const id = 'task-1767323045-1';
  test.each<[string, Headers]>([
    ['a way out', { name: '../evil' }],
    ['a way out through a task', { name: `${id}/../../evil` }],
    ['an absolute path', { name: '/tmp/evil' }],
    ['a file of no task', { name: `${id}/evil.sh` }],
    ['a folder in a task', { name: `${id}/sub/task.json` }],
    ['a name that is too long', { name: `${id}/${'x'.repeat(5000)}` }],
    ['a link', { name: `${id}/backend.log`, type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', { name: `${id}/backend.log`, type: 'link', linkname: '/etc/passwd' }],
    ['a device', { name: `${id}/backend.log`, type: 'character-device' }],
    ['a pipe', { name: `${id}/backend.log`, type: 'fifo' }],
    ['the same file twice', { name: `${id}/task.log` }],
    ['a second task', { name: 'task-1-1/task.log' }],
    ['a folder that is none of a task', { name: 'evil/task.json' }],
  ])('that holds %s is refused as a whole', async (_, header) => {
    using home = temporaryFolder();
    mkdirSync(join(home.path, 'other'));
    const archive = pack();
    archive.entry({ name: `${id}/task.log` }, 'a line\n');
    archive.entry(header, header.type === undefined ? 'evil' : undefined);
    archive.finalize();
    const chunks: Uint8Array[] = [];
    for await (const chunk of archive) chunks.push(chunk);
    writeFileSync(join(home.path, 'evil.tar'), Buffer.concat(chunks));
    const { code, stdout, stderr } = await runCli(['import', 'evil.tar', '--dir', 'other'], { cwd: home.path });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^orch: the archive was not imported: [^\n]+\n$/);
    expect(namesIn(join(home.path, 'other'))).toEqual([]);
    expect(namesIn(home.path)).toEqual(['evil.tar', 'other']);
  });

  test('takes no links along, nor what is not a file of a task', async () => {
    using home = temporaryFolder();
    const folder = writeSteps(join(home.path, '.agent'), [{ type: 'output', after: 1, bytes: Buffer.from('x') }]);
    symlinkSync('/etc/passwd', join(folder.path, 'backend.jsonl'));
    writeFileSync(join(folder.path, 'notes.txt'), 'mine');
    const tar = (await whole(home.path)).toString('latin1');
    expect(tar).not.toMatch(/backend\.jsonl|notes\.txt/);
  });
});
