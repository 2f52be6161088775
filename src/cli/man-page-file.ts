import { fileURLToPath } from 'node:url';

/** The man page of the package, as scripts/build.mjs makes it: from here, and from the bundled command, at the same place. */
export const MAN_PAGE_FILE = fileURLToPath(new URL('../../dist/man/orch.1', import.meta.url));
