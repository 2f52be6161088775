import xterm from '@xterm/headless';
import { ClusterWidths } from './cluster-widths.js';
import type { OpenTerminal } from './emulator.js';
import { keepJoining, terminalInternals } from './terminal-state.js';
import { keepLinks } from './keep-links.js';
import { keepWrapMarks } from './wrap-marks.js';

/** @xterm/headless, quiet. */
export const openTerminal: OpenTerminal = ({ cols, rows }, scrollback) => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  const widths = new ClusterWidths();
  terminal.unicode.register(widths);
  terminal.unicode.activeVersion = widths.version;
  const internals = terminalInternals(Reflect.get(terminal, '_core'));
  keepWrapMarks(internals);
  keepLinks(terminal.parser, internals);
  // `Terminal.write` parses in a timer, so that a screen cannot be asked between two bytes, and after a throw in there it is
  // dead without a word. The core's writeSync is what its own tests use.
  const write = (bytes: Uint8Array): void => {
    internals.writeSync(bytes);
  };
  return {
    terminal,
    internals,
    write,
    writeAside: (bytes) => {
      keepJoining(internals, () => {
        write(bytes);
      });
    },
  };
};
