import type { Resumable } from '../../core/resumable.js';

/** The modes of a screen that decide how the emulator is to be given its text. */
export class ScreenModes implements Resumable<ModesState> {
  marginTop = 0;
  /** Undefined: the last row. */
  marginBottom: number | undefined;
  wraps = true;
  /** A backspace at the left edge goes to the row above. */
  backWraps = false;
  showsCursor = true;
  /** No mode, tab stop or character set was changed that the fast path does not know. */
  ordinary = true;

  save(): ModesState {
    const { marginTop, marginBottom = null, wraps, backWraps, ordinary, showsCursor } = this;
    return { marginTop, marginBottom, wraps, backWraps, ordinary, showsCursor };
  }

  resume(state: ModesState): void {
    this.marginTop = state.marginTop;
    this.marginBottom = state.marginBottom ?? undefined;
    this.wraps = state.wraps;
    this.backWraps = state.backWraps;
    this.ordinary = state.ordinary;
    this.showsCursor = state.showsCursor;
  }

  /** As after a reset, as far as text goes: no margins, modes, tab stops or character sets. */
  get isOrdinary(): boolean {
    return this.ordinary && this.wraps && this.marginTop === 0 && this.marginBottom === undefined;
  }

  dropMargins(): void {
    this.marginTop = 0;
    this.marginBottom = undefined;
  }

  /** After DECSTR. */
  restoreDefaults(): void {
    this.dropMargins();
    this.showsCursor = true;
    this.wraps = true;
    this.backWraps = false;
  }

  /** After RIS, or in a new emulator. */
  reset(): void {
    this.restoreDefaults();
    this.ordinary = true;
  }
}

export interface ModesState {
  readonly marginTop: number;
  readonly marginBottom: number | null;
  readonly wraps: boolean;
  readonly backWraps: boolean;
  readonly ordinary: boolean;
  readonly showsCursor: boolean;
}
