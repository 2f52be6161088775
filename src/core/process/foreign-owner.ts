import { env, geteuid } from 'node:process';

/** The user that runs orch. */
export interface User {
  /** The effective user; undefined where the system knows no users. */
  readonly uid: number | undefined;
  /** SUDO_UID: the user that became root by sudo(8). */
  readonly sudoUid: string | undefined;
}

/**
 * Whether a file of `owner` belongs to another user, whose configuration is not obeyed, as in git's safe.directory. Files of root
 * are trusted, and so are a user's own under sudo. Root trusts no other user's files.
 */
export function isForeign(owner: number, user: User = { uid: geteuid?.(), sudoUid: env['SUDO_UID'] }): boolean {
  const { uid, sudoUid } = user;
  if (uid === undefined || owner === uid || owner === 0) return false;
  return uid !== 0 || String(owner) !== sudoUid;
}
