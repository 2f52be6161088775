import { env, geteuid } from 'node:process';

/** Whoever runs orch. */
export interface User {
  /** The effective user; undefined where the system knows no users. */
  readonly uid: number | undefined;
  /** What sudo(8) says of whom root was, SUDO_UID. */
  readonly sudoUid: string | undefined;
}

/**
 * Whether what `owner` has put somewhere is another user's, whose files are not obeyed, as git's safe.directory has it: root's
 * are anybody's, and whoever became root by sudo may have root do what they say. Root is no exception else.
 */
export function isForeign(owner: number, user: User = { uid: geteuid?.(), sudoUid: env['SUDO_UID'] }): boolean {
  const { uid, sudoUid } = user;
  if (uid === undefined || owner === uid || owner === 0) return false;
  return uid !== 0 || String(owner) !== sudoUid;
}
