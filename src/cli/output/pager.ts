import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { errnoCode } from '../../core/errors.js';
import { spawn } from '../../core/process/spawn.js';
import type { CliContext } from '../options/context.js';
import { asText, type LineOutput } from './line-output.js';

/**
 * Shows what fits on the terminal as it is, and more than that with a pager: `$PAGER`, else less, which quits by itself
 * where a screen is enough, passes colours on, and leaves the text standing (`FRX`). Where there is no pager, all is shown
 * as it is.
 */
export function pagedOutput({ stdout, stderr, env }: CliContext): LineOutput {
  let held = '';
  let lines = 0;
  let pager: Pager | undefined;
  const said: string[] = [];
  return {
    async show(shown) {
      const text = asText(shown);
      if (pager !== undefined) {
        await pager.write(text);
        return;
      }
      held += text;
      lines += text.split('\n').length - 1;
      if (lines < (stdout.rows ?? 24)) return;
      pager = (await openPager(env)) ?? { write: (more) => stdout.write(more), end: () => Promise.resolve() };
      await pager.write(held);
      held = '';
    },
    // A pager has the screen: what is to be said waits until it has gone.
    say(line) {
      said.push(`${line}\n`);
      return Promise.resolve();
    },
    async end() {
      if (pager === undefined) await stdout.write(held);
      else await pager.end();
      for (const line of said) await stderr.write(line);
    },
  };
}

interface Pager {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Undefined where it cannot be started. */
async function openPager(env: CliContext['env']): Promise<Pager | undefined> {
  const command = env['PAGER'] ?? '';
  const options = { env: { LESS: 'FRX', ...env }, stdio: ['pipe', 'inherit', 'inherit'] as const };
  const child =
    command === ''
      ? spawn('less', { ...options, stdio: [...options.stdio] })
      : spawn('/bin/sh', ['-c', command], { ...options, stdio: [...options.stdio] });
  const closed = once(child, 'close').catch(() => undefined);
  const started = await once(child, 'spawn').then(
    () => true,
    () => false,
  );
  const { stdin } = child;
  if (!started) return undefined;
  stdin.on('error', () => undefined);
  return {
    write: (text) => writeTo(stdin, text),
    async end() {
      stdin.end();
      await closed;
    },
  };
}

/** Rejects with EPIPE where the reader has quit, as stdout does. */
async function writeTo(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else reject(errnoCode(error) === 'ERR_STREAM_DESTROYED' ? Object.assign(error, { code: 'EPIPE' }) : error);
    });
  });
}
