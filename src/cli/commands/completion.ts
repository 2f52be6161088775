import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import type { Command, ParsedLine } from '../options/command.js';
import { COMPLETED_SHELLS, completionScript } from '../completion/completion-scripts.js';
import type { CliContext } from '../options/context.js';

export const completionCommand: Command = {
  name: 'completion',
  summary: 'print the completion script for your shell',
  usage: `<${COMPLETED_SHELLS.join('|')}>`,
  operands: { min: 1, max: 1 },
  options: [],
  examples: [
    { line: 'orch completion bash >> ~/.bashrc', does: 'bash: next start' },
    { line: 'orch completion zsh >> ~/.zshrc', does: 'zsh: next start' },
    { line: 'orch completion fish > ~/.config/fish/completions/orch.fish', does: 'fish: at once' },
  ],
  run: printScript,
};

async function printScript({ operands: [shell = ''] }: ParsedLine, { stdout }: CliContext): Promise<number> {
  const script = completionScript(shell);
  if (script === undefined)
    throw errors.badArgument(`there is no completion for '${shell}'`, `use one of: ${COMPLETED_SHELLS.join(', ')}`);
  await stdout.write(script);
  return ExitCode.ok;
}
