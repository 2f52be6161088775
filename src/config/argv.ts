import { argument, checked, listOf, type Shape } from './shapes.js';

/** A program and its arguments, exactly as the program gets them. */
export interface Argv {
  readonly program: string;
  readonly args: readonly string[];
}

/** A command line as a list, which no shell reads; `example` is shown in the error for anything else. */
export function argv(example: string): Shape<Argv> {
  const list = listOf(argument, `texts, the program first, such as ${example}`, 1);
  return checked(list, ([program = '', ...args]) => ({ program, args }));
}
