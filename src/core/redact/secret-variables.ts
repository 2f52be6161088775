/** A value that must not be shown, and its name in messages. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Shorter values stand in ordinary text by chance. */
const MIN_CHARACTERS = 8;

/** Names that say what they hold: `TOKEN`, `MY_API_KEY`, `db_password`, `npm_config__authToken`. */
const SECRET_NAME =
  /(?:^|_)(?:(?:api|access|secret|private|auth)?key|(?:auth|access|api)?token|secret|password|passwd|passphrase|pwd|pat|credentials?)$/i;

/** Names that look secret, and hold public values: the working folder, a socket. */
const PUBLIC_NAME = /^(?:PWD|OLDPWD|SSH_AUTH_SOCK)$/i;

/** A short number is a limit, a port or an id, and occurs in much of the output. */
const NUMBER = /^[+-]?\d{1,15}(?:\.\d*)?$/;

/** Values of switches. */
const SETTING = /^(?:disabled|required|optional|undefined|unlimited|preferred|(.)\1*)$/i;

/**
 * The variables of an environment whose names say that they hold a secret, except those whose values plainly are none:
 * shorter than 8 characters, a number of up to 15 digits, a word such as `disabled`, one character over and over, or the
 * path of something that `exists`.
 */
export function secretVariables(
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean,
): readonly Secret[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) && !PUBLIC_NAME.test(name) && isSecret(value, exists)
      ? [{ name, value }]
      : [],
  );
}

function isSecret(value: string, exists: (path: string) => boolean): boolean {
  const text = value.trim();
  if (text.length < MIN_CHARACTERS || NUMBER.test(text) || SETTING.test(text)) return false;
  return !(/^\.{0,2}\//.test(text) && exists(text));
}
