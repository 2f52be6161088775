import { coloured, type Paint, plain } from '../../view/print/colour.js';
import type { ParsedLine, OptionSpec } from './command.js';
import type { CliContext } from './context.js';

export const colourOption: OptionSpec = {
  flags: '--color <when>',
  description: 'when to use colours; auto: on a terminal',
  choices: ['auto', 'always', 'never'],
};

/**
 * Whether orch's own output on stdout is coloured: `--color` says, else FORCE_COLOR (https://force-color.org; 0 and
 * false mean no), else NO_COLOR (https://no-color.org), else whether stdout is a terminal that has colours.
 */
export function isColoured(line: Pick<ParsedLine, 'options'>, context: CliContext): boolean {
  return isColouredWhen(line.options.text('color') ?? 'auto', context);
}

function isColouredWhen(when: string, { env, stdout }: CliContext): boolean {
  return when === 'auto' ? (forced(env['FORCE_COLOR']) ?? (!denied(env) && stdout.isTTY)) : when === 'always';
}

/** Colours for stdout, or none; undefined `line`: as without `--color`. */
export function paintFor(line: ParsedLine | undefined, context: CliContext): Paint {
  return isColouredWhen(line?.options.text('color') ?? 'auto', context) ? coloured : plain;
}

function forced(value: string | undefined): boolean | undefined {
  return value === undefined || value === '' ? undefined : value !== '0' && value !== 'false';
}

function denied(env: CliContext['env']): boolean {
  return (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
}
