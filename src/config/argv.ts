import { argument, checked, listOf, type Shape } from './shapes.js';

/** A program and its arguments, exactly as it will see them. */
export interface Argv {
  readonly program: string;
  readonly args: readonly string[];
}

/** A command line as a list, which no shell reads; `example` shows one to whoever wrote something else. */
export function argv(example: string): Shape<Argv> {
  const list = listOf(argument, `texts, the program first, such as ${example}`, 1);
  return checked(list, ([program = '', ...args]) => ({ program, args }));
}
