import { env } from 'node:process';

/** What orch's own Node needs to start; variables that configure the user's Node must not configure this one. */
export function nodeEnvironment(): Readonly<Record<string, string>> {
  const { LD_LIBRARY_PATH } = env;
  return LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH };
}
