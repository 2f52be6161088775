import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import { type CharacterWidths, ClusterWidths } from './cluster-widths.js';
import type { OpenTerminal } from './emulator.js';
import { terminalInternals } from './terminal-state.js';
import { keepWrapMarks } from './wrap-marks.js';

/** @xterm/headless, quiet. */
export const openTerminal: OpenTerminal = ({ cols, rows }, scrollback) => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  const widths = new ClusterWidths(unicode11Widths());
  terminal.unicode.register(widths);
  terminal.unicode.activeVersion = widths.version;
  const core: unknown = Reflect.get(terminal, '_core');
  const internals = terminalInternals(core);
  keepWrapMarks(internals);
  return { terminal, widths, internals, write: syncWriter(core) };
};
/** The widths that the addon would register with a terminal. */
function unicode11Widths(): CharacterWidths {
  let widths: CharacterWidths | undefined;
  const terminal = new xterm.Terminal({ cols: 2, rows: 1, allowProposedApi: true });
  Object.defineProperty(terminal, 'unicode', {
    value: {
      register: (provider: CharacterWidths) => {
        widths = provider;
      },
    },
  });
  new unicode11.Unicode11Addon().activate(terminal);
  terminal.dispose();
  if (widths === undefined)
    throw new Error('@xterm/addon-unicode11 registered no widths: it is not the version this was built for');
  return widths;
}

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
