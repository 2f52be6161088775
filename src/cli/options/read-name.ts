import { errors } from '../../core/errors.js';
import { refusalOfName } from '../../core/text/task-name.js';
import type { OptionValues } from './command.js';

/** What `--name` calls a task. @throws OrchError BAD_ARGUMENT */
export function readName(options: OptionValues): string | undefined {
  const name = options.text('name');
  const why = name === undefined ? undefined : refusalOfName(name);
  if (why === undefined) return name;
  throw errors.badArgument(`--name '${name ?? ''}' is not a name: ${why}`, 'such as --name fix-tests');
}
