// The thread behind CursorProbe: draws output on a screen, and replies with its cursor.
import { serveWorker } from '../../core/worker/serve-worker.js';
import { Screen } from '../../render/screen/screen.js';
import { CURSOR_PROTOCOL } from './cursor-protocol.js';

serveWorker(CURSOR_PROTOCOL, (size) => {
  const screen = new Screen(size);
  return (bytes) => {
    screen.write(bytes);
    return screen.cursor();
  };
});
