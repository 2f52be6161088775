import { errors } from '../core/errors.js';
import type { Backend } from './backend.js';
import { claude } from './claude.js';
import { codex } from './codex.js';
import { copilot } from './copilot.js';
import { demo } from './demo.js';
import { gemini } from './gemini.js';
import { opencode } from './opencode.js';
import { pi } from './pi.js';
import { qwen } from './qwen.js';

/** The backend where none is named. */
export const DEFAULT_BACKEND = 'claude';

/** Every backend that `-b` knows, in the order in which lists show them. */
export const backends: readonly Backend[] = [claude, opencode, codex, gemini, copilot, qwen, pi, demo];

/** The backend of that name, `custom` ones included; throws `UNKNOWN_BACKEND`, with the known names, where there is none. */
export function findBackend(name: string, custom: readonly Backend[] = []): Backend {
  const all = [...backends, ...custom];
  const found = all.find((backend) => backend.name === name);
  if (!found)
    throw errors.unknownBackend(
      name,
      all.map((backend) => backend.name),
    );
  return found;
}
