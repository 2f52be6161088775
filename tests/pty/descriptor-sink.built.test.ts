import { expect, test } from 'vitest';
import { runPiped } from '../fixtures/run-orch.js';

test('a sink for a descriptor gives a socket one piece after the other, copied, and knows when all has left', async () => {
  const url = (file: string): string => JSON.stringify(new URL(`../../dist/${file}.js`, import.meta.url).href);
  const program = `
    import { descriptorSink } from ${url('pty/terminal/descriptor-sink')};
    import { systemClock } from ${url('core/clock')};
    const sink = descriptorSink(1, systemClock);
    const bytes = Buffer.alloc(100_000);
    for (let at = 0; at < 20; ) {
      bytes.fill(97 + at);
      if (sink.write(bytes) === 0) await new Promise((resolve) => sink.whenWritable(resolve));
      else at += 1;
    }
    bytes.fill(0);
    await sink.flush();
    process.exit(0);`;
  // What Node calls a pipe is a socket.
  const { code, stdout } = await runPiped(process.execPath, ['--input-type=module', '-e', program]);
  expect(code).toBe(0);
  const expected = Array.from({ length: 20 }, (_, at) => String.fromCharCode(97 + at).repeat(100_000));
  expect(stdout.toString() === expected.join('')).toBe(true);
});
