import { printable } from './printable.js';

const MOST_CHARACTERS = 100;
/** NAME_MAX of Linux and macOS, so that a folder can have a task's name. */
const MOST_BYTES = 255;
/** Characters with a meaning in sh, bash, zsh or fish without quotes. */
const SHELL_CHARACTER = /[*?[\]{}()<>|&;$`'"!^\\]/;
const SHELL_BEGINNING = /^[~#=]/;
/** An id, or the beginning of one, with `task-` and without. */
const LIKE_AN_ID = /^(?:t|ta|tas|task|task-.*|\d+(?:-\d*)?)$/s;

/** Why this cannot be a task's name, to follow "is no name: "; undefined: it can. */
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

/** Whether a name would be read as something else on a command line: the newest task, or an id or its beginning. */
export function takesAnothersPlace(name: string): boolean {
  return name === 'latest' || LIKE_AN_ID.test(name);
}
