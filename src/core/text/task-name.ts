import { printable } from './printable.js';

const MOST_CHARACTERS = 100;
/** NAME_MAX of Linux and macOS: so a folder can be called after a task. */
const MOST_BYTES = 255;
/** What sh, bash, zsh or fish take for themselves where it is typed without quotes. */
const SHELL_CHARACTER = /[*?[\]{}()<>|&;$`'"!^\\]/;
const SHELL_BEGINNING = /^[~#=]/;
/** An id, or the beginning of one, with `task-` and without. */
const LIKE_AN_ID = /^(?:t|ta|tas|task|task-.*|\d+(?:-\d*)?)$/s;

/** Why a task cannot be called so, to stand behind "is no name: "; undefined: it can. */
export function refusalOfName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`;
  if (/\s/.test(name)) return 'it has a blank in it';
  if (printable(name) !== name) return 'it has an invisible character in it';
  if (name.includes('/')) return 'it has a slash in it';
  if (name.startsWith('-')) return 'it begins with a dash, as flags do';
  if (name.startsWith('.')) return 'it begins with a dot, as . and .. and hidden files do';
  const forShells = SHELL_CHARACTER.exec(name)?.[0];
  if (forShells !== undefined) return `it has a ${forShells} in it, which means something to a shell`;
  if (SHELL_BEGINNING.test(name)) return `it begins with ${name.charAt(0)}, which means something to a shell`;
  if (Buffer.byteLength(name) > MOST_BYTES) return `it is longer than ${MOST_BYTES} bytes`;
  return takesAnothersPlace(name) ? 'it stands for another task' : undefined;
}

/** Whether a name, where a task is named, means something else: the newest task, or an id and its beginning. */
export function takesAnothersPlace(name: string): boolean {
  return name === 'latest' || LIKE_AN_ID.test(name);
}
