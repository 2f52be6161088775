import { once } from 'node:events';
import { spawn } from '../../core/process/spawn.js';
import type { CliContext } from '../options/context.js';

/** Shows a man page that is a file with man(1), on the terminal; false where there is no man(1) that can. */
export async function showWithMan(path: string, { env }: Pick<CliContext, 'env'>): Promise<boolean> {
  // On systems that were made small there is a program of this name that says so, and ends with 0.
  const { code, stdout } = await output('man', ['-w', path], env);
  if (code !== 0 || stdout.trim() !== path) return false;
  const man = spawn('man', [path], { env: { ...env }, stdio: 'inherit' });
  const [ended] = (await once(man, 'close').catch(() => [undefined])) as [number | null | undefined];
  return ended === 0;
}

async function output(
  file: string,
  args: readonly string[],
  env: CliContext['env'],
): Promise<{ readonly code: number | null | undefined; readonly stdout: string }> {
  const child = spawn(file, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const [code] = (await once(child, 'close').catch(() => [undefined])) as [number | null | undefined];
  return { code, stdout };
}
