import { isNever, isShape, isText } from '../../core/guards.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';

/** The thread gets a task, and sends nothing: it writes files. */
export const KEYFRAME_PROTOCOL: WorkerProtocol<TaskFolder, never, never> = {
  name: 'the thread that makes keyframes',
  data: isShape<TaskFolder>({ id: isText, path: isText }),
  request: isNever,
  reply: isNever,
};
