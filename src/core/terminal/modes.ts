/** A DEC private mode (`CSI ? … h` and `l`), and the code it concerns. Modes not listed are off at first and ignored. */
export interface DecMode {
  /** A shell's terminal has it on (xterm, ctlseqs). */
  readonly isOn?: true;
  /**
   * It would disturb the shell's prompt, so it is undone when a program leaves it set. `unreported`: the screen model has
   * no such mode, so that DECRQM says it is unknown.
   */
  readonly undone?: 'reported' | 'unreported';
  /** How it affects the text on the screen. */
  readonly screen?: 'row' | 'move' | 'wrap' | 'cursor' | 'save-cursor' | 'alternate' | 'synchronized' | 'set-columns';
  /** It changes how a terminal draws the same cells. */
  readonly drawn?: true;
}

/** In the order in which they are undone. */
export const DEC_MODES: ReadonlyMap<number, DecMode> = new Map<number, DecMode>([
  /** Synchronized output. */
  [2026, { undone: 'reported', screen: 'synchronized' }],
  /** Cursor keys (DECCKM). */
  [1, { undone: 'reported' }],
  /** VT52 (DECANM). */
  [2, { screen: 'row' }],
  /** 132 columns (DECCOLM): erases the screen. */
  [3, { screen: 'set-columns' }],
  /** Reverse video (DECSCNM). */
  [5, { undone: 'reported', drawn: true }],
  /** Origin (DECOM): homes the cursor. */
  [6, { undone: 'reported', screen: 'move' }],
  /** Wrap (DECAWM). */
  [7, { isOn: true, undone: 'reported', screen: 'wrap', drawn: true }],
  /** Mouse, by X10's protocol. */
  [9, { undone: 'reported' }],
  /** Blinking of the cursor. */
  [12, { undone: 'reported' }],
  /** Cursor visible (DECTCEM). */
  [25, { isOn: true, undone: 'reported', screen: 'cursor', drawn: true }],
  /** Reverse wraparound. */
  [45, { undone: 'reported', screen: 'row' }],
  /** The alternate screen; 1047 erases it, 1048 saves the cursor, 1049 does both. The last is the most. */
  [47, { screen: 'alternate' }],
  [1047, { screen: 'alternate' }],
  [1048, { screen: 'save-cursor' }],
  [1049, { screen: 'alternate' }],
  /** Keys of the number pad (DECNKM). */
  [66, { undone: 'reported' }],
  /** Mouse, and how it is reported; 1004 is focus, 1007 the wheel on the alternate screen. */
  ...[1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016].map((mode): [number, DecMode] => [
    mode,
    { undone: 'reported' },
  ]),
  /** Bracketed paste. */
  [2004, { undone: 'reported' }],
  /** Reports of the colour scheme, and of the size. */
  [2031, { undone: 'reported' }],
  [2048, { undone: 'reported' }],
  /** Auto-repeat (DECARM). */
  [8, { isOn: true, undone: 'unreported' }],
  /** Sixel display (DECSDM), and where it leaves the cursor. */
  [80, { undone: 'unreported' }],
  [8452, { undone: 'unreported' }],
  /** Special modifiers of the number pad, colour registers of each picture. */
  [1035, { isOn: true, undone: 'unreported' }],
  [1070, { isOn: true, undone: 'unreported' }],
]);

/** The modes for which `what` is true, in the order of the table. */
export function decModes(what: (mode: DecMode) => boolean): readonly number[] {
  return [...DEC_MODES].flatMap(([number, mode]) => (what(mode) ? [number] : []));
}

/** Whether a shell's terminal has a mode on. */
export function isOnAtFirst(mode: number): boolean {
  return DEC_MODES.get(mode)?.isOn ?? false;
}
