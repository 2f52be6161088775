import { versions } from 'node:process';

/** What runs this where it is not Node itself: its name and version, such as `Bun 1.3.2`. */
export function otherRuntime(): string | undefined {
  const { bun, deno } = versions;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? undefined : `Deno ${deno}`;
}
