// The thread behind CursorProbe: a screen that takes in what it is sent, and says where its cursor is.
import { parentPort, workerData } from 'node:worker_threads';
import type { TerminalSize } from '../../core/terminal/size.js';
import { Screen } from '../../render/screen/screen.js';
import type { CursorRequest } from './cursor-probe.js';

const screen = new Screen(workerData as TerminalSize);

parentPort?.on('message', ({ bytes }: CursorRequest) => {
  screen.write(bytes);
  void screen.cursor().then((position) => {
    parentPort?.postMessage(position);
  });
});
