import { fileURLToPath } from 'node:url';
import type { Backend } from './backend.js';

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
      invoke: (prompt, { execPath, speed = 1 }) => ({
        file: execPath,
        args: [
          fileURLToPath(new URL('./demo-agent.js', import.meta.url)),
          `--speed=${speed}`,
          ...(prompt === undefined ? [] : ['--', prompt]),
        ],
      }),
    },
  ],
};
