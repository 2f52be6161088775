import { fileURLToPath } from 'node:url';
import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';

function play(prompt: string | undefined, { execPath, speed = 1 }: InvocationOptions): Invocation {
  const words = [fileURLToPath(new URL('./demo-agent.js', import.meta.url)), `--speed=${speed}`];
  if (prompt === undefined) return { file: execPath, args: words };
  return fitsArgument(prompt)
    ? { file: execPath, args: [...words, '--', prompt] }
    : { file: execPath, args: (promptFile) => [...words, `--prompt-file=${promptFile}`] };
}

/** The embedded scripted agent: needs no key and no network, and shows everything a terminal agent draws. */
export const demo: Backend = {
  name: 'demo',
  summary: 'a scripted agent that needs no key and no network',
  prompt: 'optional',
  modes: [
    {
      name: 'play',
      summary: 'its script, at its own pace',
      suits: 'both',
      // It changes nothing.
      asks: true,
      invoke: play,
    },
  ],
};
