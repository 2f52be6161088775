import type { Line } from '../model/line.js';
import { LineFace } from './line-state.js';
import { rowsTaken } from '../model/line-rows.js';
import { resumeLine, type SavedLine, saveLine } from '../model/saved-line.js';

/** A line of a picture: of what a program printed between two clears. */
export class PictureLine extends LineFace {
  readonly line: Line;
  /** It left at the top of the screen, and was not erased from it. */
  readonly scrolled: boolean;
  /** How many rows of the screen it took, with those of lines behind it that are left out because they were emitted before. */
  rows: number;
  /** It was emitted, and is kept to be found again. */
  emitted = false;
  /** It came above all that was printed again, where programs that draw a frame put the lines that stay. */
  aboveFrame = false;
  /** It was emitted before the picture was begun, as it seems: the program may be printing everything again. */
  repeats = false;

  constructor(line: Line, scrolled: boolean, rows = rowsTaken(line)) {
    super(line.text);
    this.line = line;
    this.scrolled = scrolled;
    this.rows = rows;
  }

  static resume([line, flags, rows]: SavedPictureLine, styles: boolean): PictureLine {
    const resumed = new PictureLine(resumeLine(line, styles), flags.includes('s'), rows);
    resumed.emitted = flags.includes('e');
    resumed.aboveFrame = flags.includes('a');
    resumed.repeats = flags.includes('r');
    return resumed;
  }

  save(): SavedPictureLine {
    const flags = [this.scrolled && 's', this.emitted && 'e', this.aboveFrame && 'a', this.repeats && 'r'];
    return [saveLine(this.line), flags.filter((flag) => flag !== false).join(''), this.rows];
  }
}

export type SavedPictureLine = readonly [line: SavedLine, flags: string, rows: number];
