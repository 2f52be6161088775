import type { Screen } from '../../render/screen/screen.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import { drawScreen } from '../../view/places/draw-screen.js';
import { screenAt } from '../../view/places/screen-at.js';
import { scrolledOff } from '../../view/places/scrolled-off.js';
import { Display, type PaintedTerminal } from '../../view/replay/display.js';

/**
 * What a client draws by itself, from the files of a task that runs. Loaded when there is something to be drawn: a client that has
 * been shown every byte needs none of it.
 */
export class RecordedScreens implements Disposable {
  readonly #recording: RecordedTask;

  constructor(task: TaskFolder) {
    this.#recording = new RecordedTask(readTask(task));
  }

  /** The screen as it was at an offset; the caller disposes it. Rejects with the reason of `signal` when that aborts. */
  at(offset: number, signal: AbortSignal): Promise<Screen> {
    return screenAt(this.#recording, { to: offset, styles: true, signal });
  }

  /** What draws the last `count` rows that had scrolled off at an offset. */
  historyAt(offset: number, count: number, signal: AbortSignal): Promise<string> {
    return scrolledOff(this.#recording, { to: offset, count, signal });
  }

  /** What draws a screen on a terminal of its size, with these modes. */
  drawn(screen: Screen, modes: string): string {
    return drawScreen(screen, modes);
  }

  /** What paints pictures of screens on a terminal of any size. */
  display(terminal: PaintedTerminal): Display {
    return new Display(terminal);
  }

  [Symbol.dispose](): void {
    this.#recording[Symbol.dispose]();
  }
}
