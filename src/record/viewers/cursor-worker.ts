// The thread behind CursorProbe: a screen that takes in what it is sent, and says where its cursor is.
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
