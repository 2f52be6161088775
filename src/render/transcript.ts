import type { TerminalSize } from '../core/size.js';
import type { Line } from './line.js';
import { LineAssembler } from './line-assembler.js';
import { Screen } from './screen.js';

/** Turns raw output into the lines a person would have read. One path for live and for recorded output. */
export class Transcript {
  private readonly screen: Screen;
  private readonly assembler = new LineAssembler();

  constructor(size: TerminalSize) {
    this.screen = new Screen(size, {
      observer: {
        scrolledOff: (rows) => {
          this.assembler.add(rows);
        },
        erasing: (rows) => {
          this.assembler.addScreen(rows);
        },
        cut: (rows) => {
          this.assembler.addCut(rows);
        },
        fault: (_error, rows) => {
          this.assembler.addScreen(rows);
        },
      },
    });
  }

  /** The lines that `bytes` made final. */
  push(bytes: Uint8Array): readonly Line[] {
    this.screen.write(bytes);
    return this.assembler.take();
  }

  resize(size: TerminalSize): readonly Line[] {
    this.screen.resize(size);
    return this.assembler.take();
  }

  /** The lines that were still on the screen. Nothing may be pushed afterwards. */
  end(): readonly Line[] {
    this.screen.end();
    if (!this.screen.onAlternate) this.assembler.addScreen(this.screen.rows());
    this.screen.dispose();
    return this.assembler.take();
  }
}
