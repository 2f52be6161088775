import { fileURLToPath } from 'node:url';
import type { SpeakingAgent } from './agent-stream/dialects.js';
import { fitsArgument, type Invocation, type InvocationOptions } from './backend.js';

/** An agent, and how it is had to speak JSON Lines. */
export interface Speaking {
  readonly agent: SpeakingAgent;
  readonly args: readonly string[];
  /** The arguments that give it a prompt; one that is too long for them is its standard input. */
  readonly saying: (prompt: string) => readonly string[];
  /** The flag that gives its session an id, where its JSON does not tell that in time. */
  readonly newSession?: string;
  readonly env?: Invocation['env'];
}

/** The program that draws an agent's JSON, with the agent under it (agent-stream.ts). */
export function drawn(
  { agent, args, saying, newSession, env }: Speaking,
  prompt: string,
  { execPath }: InvocationOptions,
): Invocation {
  const program = [fileURLToPath(new URL('./agent-stream.js', import.meta.url)), '--agent', agent];
  if (newSession !== undefined) program.push(`--new-session=${newSession}`);
  return {
    file: execPath,
    args: fitsArgument(prompt)
      ? [...program, '--', agent, ...args, ...saying(prompt)]
      : (promptFile) => [...program, '--prompt-file', promptFile, '--', agent, ...args],
    needs: agent,
    ...(env === undefined ? {} : { env }),
  };
}
