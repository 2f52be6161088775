import { type Link, parseLink } from '../model/link.js';
import { withLink } from './linked-attributes.js';
import type { TerminalInternals } from './terminal-state.js';

/**
 * Has the attributes that cells share carry the link of their text. @xterm/headless 6.0.0 keeps links in a table of its own,
 * with a marker for each row they stand on, which neither a resize by Reflow nor a saved state would keep; what hangs on the
 * attributes goes where they go, and is gone with the last cell that has it.
 */
export function keepLinks(parser: OscParser, internals: TerminalInternals): void {
  const { _inputHandler: handler } = internals;
  const link = (linked: Link | undefined, underlined: boolean): void => {
    const { _curAttrData: pen } = handler;
    pen.extended = withLink(pen.extended, underlined ? pen.extended.ext : 0, linked);
    pen.updateExtended();
  };
  parser.registerOscHandler(8, (fields) => {
    const { _curAttrData: pen } = handler;
    link(parseLink(fields), (pen.bg & HAS_EXTENDED) !== 0);
    return true;
  });
  const restoreCursor = handler.restoreCursor.bind(handler);
  // Colours go back to what they were, but the link is none of them.
  handler.restoreCursor = () => {
    const open = handler._curAttrData.extended.link;
    const restored = restoreCursor();
    link(open, (handler._curAttrData.fg & UNDERLINED) !== 0);
    return restored;
  };
}

interface OscParser {
  registerOscHandler(code: number, handler: (fields: string) => boolean): unknown;
}

/** Of a cell's background: that it has such attributes; of its foreground: that it is underlined. */
const HAS_EXTENDED = 0x10000000;
const UNDERLINED = 0x10000000;
