import { OrchError } from '../../core/errors.js';
import { visible } from '../../core/text/printable.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import { failureLine } from '../output/report-failure.js';

/** The most rows shown: enough to see why an agent died. */
const MAX_ROWS = 20;

/** The screen at the end of a task, as lines for people; or why it cannot be read. */
export async function finalScreen(task: TaskFolder): Promise<string> {
  try {
    return await screenOf(task);
  } catch (error) {
    if (error instanceof OrchError) return failureLine(error);
    throw error;
  }
}

async function screenOf(task: TaskFolder): Promise<string> {
  const { screenAtEnd } = await import('../../view/places/screen-at-end.js');
  const { frameToText } = await import('../../render/pictures/print-frame.js');
  using recording = new RecordedTask(readTask(task));
  const text = frameToText(await screenAtEnd(recording.chunks({}), { size: recording.sizeAt(0) }));
  const rows = text.split('\n').filter((row) => row.trim() !== '');
  if (rows.length === 0) return 'orch: the agent ended at its start with an empty screen';
  return [
    'orch: the agent ended at its start; its last screen:',
    ...rows.slice(-MAX_ROWS).map((row) => `  ${visible(row)}`),
  ].join('\n');
}
