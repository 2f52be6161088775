import { printable } from './printable.js';

const MOST_CHARACTERS = 100;
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
  return takesAnothersPlace(name) ? 'it stands for another task' : undefined;
}

/** Whether a name, where a task is named, means something else: the newest task, or an id and its beginning. */
export function takesAnothersPlace(name: string): boolean {
  return name === 'latest' || LIKE_AN_ID.test(name);
}
