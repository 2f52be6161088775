import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Public terminal suites beside the project, where there are any; read in place. */
const PROJECT = join(import.meta.dirname, '../..');
const SUITES = join(PROJECT, '../shared/suites');

describe.skipIf(!existsSync(SUITES))('public terminal suites (skipped where there are none beside the project)', () => {
  test('every failing case has a reason, and the figures hold', () => {
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/conformance.ts', SUITES], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    expect(stdout).not.toContain('no known reason');
    expect(status).toBe(0);
    const passes = new Map(
      Array.from(stdout.matchAll(/^(\S+): (\d+)\/\d+$/gm), (match) => [match[1], Number(match[2])]),
    );
    expect(passes.get('alacritty-ref')).toBeGreaterThanOrEqual(41);
    expect(passes.get('buildkite-fixtures')).toBeGreaterThanOrEqual(76);
    expect(passes.get('pyte-captured')).toBe(7);
    expect(passes.get('tmux-regress')).toBeGreaterThanOrEqual(70);
    expect(passes.get('xterm-escape')).toBeGreaterThanOrEqual(72);
  });
});
