import type { Clock } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { DeafSink } from '../../pty/terminal/deaf-sink.js';
import { descriptorSink } from '../../pty/terminal/descriptor-sink.js';
import { TerminalOutput } from '../../pty/terminal/terminal-output.js';
import type { ShownOutput } from '../../settings/run-settings.js';
import type { OutputTarget } from './unattended.js';

/** Shows an agent's output on the descriptor `fd`, for {@link recordUnattended}. */
export async function openOutputTarget(
  shown: ShownOutput,
  { fd, isTTY }: { readonly fd: number; readonly isTTY: boolean },
  { size, clock, onFailed }: { readonly size: TerminalSize; readonly clock: Clock } & Pick<OutputTarget, 'onFailed'>,
): Promise<OutputTarget | undefined> {
  if (shown === 'none') return undefined;
  const sink = descriptorSink(fd, clock);
  if (shown === 'clean') {
    // Clean text changes no terminal modes, and is shown whole on a terminal, too.
    const { CleanSink } = await import('./clean-sink.js');
    return { sink: new CleanSink(sink, { size, clock }), isTerminal: false, onFailed };
  }
  // A terminal without its keyboard must not answer, and is left as it was found; anything else gets the bytes as they are.
  return { sink: isTTY ? new TerminalOutput(new DeafSink(sink)) : sink, isTerminal: isTTY, onFailed };
}
