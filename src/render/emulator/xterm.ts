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
  const core: unknown = Reflect.get(terminal, '_core');
  const internals = terminalInternals(core);
  keepWrapMarks(internals);
  keepLinks(terminal.parser, internals);
  const write = syncWriter(core);
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

/**
 * `Terminal.write` parses in a timer, so that a screen cannot be asked between two bytes, and after a throw in there it
 * is dead without a word. The core's writeSync is what its own tests use; the dependency is pinned, and this checked.
 */
function syncWriter(core: unknown): (bytes: Uint8Array) => void {
  if (!isSyncCore(core)) throw new Error('@xterm/headless has no writeSync: it is not the version this was built for');
  return (bytes) => {
    core.writeSync(bytes);
  };
}

function isSyncCore(core: unknown): core is { writeSync(bytes: Uint8Array): void } {
  return typeof core === 'object' && core !== null && 'writeSync' in core && typeof core.writeSync === 'function';
}
