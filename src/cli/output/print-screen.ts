import { ExitCode } from '../../core/exit-status.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import { type Place, resolvePlaceUnless } from '../../view/places/place.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from './interrupt.js';
import { ending, problemsOf, noteMissing } from './recording-problems.js';

/** The screen as it stood at a place, or as it stands. */
export async function printScreen(task: TaskFolder, at: Place | undefined, context: CliContext): Promise<number> {
  using interrupt = interruptOf(context);
  using recording = new RecordedTask(readTask(task));
  const problems = problemsOf(recording);
  const resolved = at === undefined ? undefined : await resolvePlaceUnless(interrupt.signal, at, recording);
  if (at !== undefined && resolved === undefined) return ExitCode.interrupted;
  const to = resolved?.endOffset ?? Infinity;
  const { screenAt } = await import('../../view/places/screen-at.js');
  const { frameToText } = await import('../../render/pictures/print-frame.js');
  const screen = await screenAt(recording, {
    to,
    styles: false,
    signal: interrupt.signal,
    onMissing: (range) => {
      noteMissing(range, problems, context);
    },
  });
  screen.end();
  const text = frameToText(screen.frame());
  screen.dispose();
  if (!interrupt.signal.aborted) await context.stdout.write(text);
  return await ending(problems, interrupt.signal, context);
}
