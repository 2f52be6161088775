import { packageFile } from '../../core/package-file.js';

/** The man page of the package, as scripts/build.mjs makes it. */
export const MAN_PAGE_FILE = packageFile('dist/man/orch.1');
