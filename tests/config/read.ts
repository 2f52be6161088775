import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { configIn, readConfig } from '../../src/config/read-config.js';
import { OrchError } from '../../src/core/errors.js';
import { failureLine } from '../../src/cli/output/report-failure.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** What an orch.yml with this text says. */
export function configOf(text: string): Config {
  return configIn({ name: 'orch.yml', text, owner: 0 }, '/work');
}

/** What an orch.yml of these bytes says, read from a disk. */
export function configOfBytes(bytes: Uint8Array): Config {
  using folder = temporaryFolder();
  const path = join(folder.path, 'orch.yml');
  writeFileSync(path, bytes);
  return readConfig(path, 'orch.yml');
}

/** The line that ends a command where `attempt` is refused. */
export function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof OrchError && error.exitCode === 2) return failureLine(error);
    throw error;
  }
  throw new Error('nothing was refused');
}
