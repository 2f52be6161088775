import type { WrittenRecording } from '../../formats/model/written-recording.js';
import type { TaskEntry } from '../../store/task/task-reader.js';

/**
 * The input of every export format. Its title is as the user gave it, else the task's name, else its command; title and
 * command are masked like the rest, and pauses are shortened as was asked for.
 */
export interface ExportSource extends WrittenRecording {
  readonly entry: TaskEntry;
}
