import { env } from 'node:process';

/** libuv's threads for files: one for what is slow, such as a disk that is forced to write, and one beside it. */
const THREADS = '2';

/**
 * Calls `start`, which begins work in libuv's pool of threads. If that is the first there is of it, the pool is small: the threads stay
 * for as long as the process does, four of them by default, and a recording gives them a task once a second at most. A size that the
 * user has set (UV_THREADPOOL_SIZE) stands; what is started meanwhile or later has the variable as it was.
 */
export function withSmallPool<T>(start: () => T): T {
  if (env['UV_THREADPOOL_SIZE'] !== undefined) return start();
  env['UV_THREADPOOL_SIZE'] = THREADS;
  try {
    return start();
  } finally {
    delete env['UV_THREADPOOL_SIZE'];
  }
}
