import type { Resumable } from '../../core/resumable.js';
import { DEL } from '../../core/terminal/codes.js';
import type { Blanking } from './blanking.js';
import type { ScreenContext } from './screen-context.js';
import type { Effect } from './sequence-effects.js';
import type { TextWriter } from './text-writer.js';

/** Does what sequences ask for, on a screen whose text goes through `writer`. */
export class EffectRunner implements Resumable<EffectsState> {
  readonly #context: ScreenContext;
  readonly #writer: TextWriter;
  readonly #blanking: Blanking;
  /** The normal screen was left with its cursor past the last column, about to wrap. */
  #leftAboutToWrap = false;

  constructor(context: ScreenContext, writer: TextWriter, blanking: Blanking) {
    this.#context = context;
    this.#writer = writer;
    this.#blanking = blanking;
  }

  save(): EffectsState {
    return { leftAboutToWrap: this.#leftAboutToWrap };
  }

  resume({ leftAboutToWrap }: EffectsState): void {
    this.#leftAboutToWrap = leftAboutToWrap;
  }

  /** `end`: the offset behind the sequence. */
  run(effect: Effect, end: number): void {
    const { feed, modes, style, limits } = this.#context;
    if (effect.type === 'style') {
      style.add(effect.bytes);
      return;
    }
    if (effect.type === 'show-cursor') {
      modes.showsCursor = effect.on;
      if (!effect.on) feed.redraws.cursorHidden();
      return;
    }
    this.#blanking.textEnded();
    if (effect.type !== 'repeat') style.apply();
    if (
      (effect.type === 'row' && !KEEPS_ORDINARY.test(effect.bytes)) ||
      (effect.type === 'move' && MODE.test(effect.bytes))
    ) {
      modes.ordinary = false;
    }
    if (effect.type === 'row') this.#inRow(effect.bytes, end);
    else if (effect.type === 'move') this.#move(effect.bytes, end);
    else if (effect.type === 'repeat') {
      this.#blanking.aboutToRepeat(effect.count);
      // Nothing may come between the character and its repetition.
      feed.sequence(effect.bytes, 'moves', Math.ceil(effect.count / limits.cols) + 1, end, DEL);
    } else {
      feed.flush();
      feed.end = end;
      this.#alone(effect, end);
    }
  }

  /** Something within the row that the cursor is on. */
  #inRow(bytes: string, end: number): void {
    const { feed, modes, limits } = this.#context;
    const backWraps = BACK_WRAP.exec(bytes);
    if (backWraps !== null) modes.backWraps = backWraps[1] === 'h';
    // On a screen of one row, erasing the row may undo the wrap that the row above it left by.
    const erases = ERASES_ROW.test(bytes);
    if (limits.rows === 1 || (erases && feed.hasText)) feed.flush();
    if (erases) feed.provenance.lineSplit();
    if (BLANKS_CELLS.test(bytes)) this.#blanking.aboutToBlank('row');
    feed.sequence(bytes, undefined, 0, end);
  }

  #move(bytes: string, end: number): void {
    const { feed, modes, observer } = this.#context;
    const up = feed.emulator.onAlternate || modes.marginTop > 0 ? null : UPWARD.exec(bytes);
    if (observer.homing !== undefined && (HOME.test(bytes) || (up !== null && feed.hasDrawn))) {
      feed.flush();
      feed.hasDrawn = false;
      observer.homing();
    }
    if (SHIFTS_ROWS.test(bytes)) this.#blanking.aboutToBlank('screen');
    if (up !== null) {
      feed.moveUp(bytes, Math.max(1, Number(up[1])), end);
      return;
    }
    const move = (): void => {
      feed.sequence(bytes, 'moves', 1, end);
    };
    if (modes.marginTop > 0) this.#writer.watched(move);
    else move();
  }

  /** Runs an effect that the emulator gets by itself, when all before it is done. */
  #alone(effect: AloneEffect, end: number): void {
    const { feed, modes, observer } = this.#context;
    const { onAlternate } = feed.emulator;
    switch (effect.type) {
      // The emulator saves the row counted from the first of its scrollback: both must find that empty.
      case 'save-cursor':
        feed.saveCursor(effect.bytes, end);
        break;
      case 'restore-cursor':
        feed.restoreCursor(effect.bytes, end);
        break;
      case 'erase':
        this.#erase(effect);
        break;
      case 'erase-scrollback':
        if (!onAlternate) observer.scrollbackErased?.();
        break;
      case 'delete-rows':
        this.#deleteRows(effect);
        break;
      case 'margins':
        feed.run(effect.bytes);
        if (onAlternate) break;
        modes.marginTop = effect.top;
        modes.marginBottom = effect.bottom;
        break;
      case 'soft-reset':
        feed.run(effect.bytes);
        modes.restoreDefaults();
        break;
      case 'reset':
        if (onAlternate) observer.alternate?.('leave');
        this.#erasing();
        feed.run(effect.bytes);
        feed.emulator.restarted();
        modes.reset();
        observer.scrollbackErased?.();
        break;
      case 'wrap':
        feed.run(effect.bytes);
        modes.wraps = effect.on;
        break;
      case 'set-columns':
        this.#aboutToErase();
        feed.run('\x1b[r\x1b[2J');
        modes.dropMargins();
        break;
      case 'print': {
        const bytes = Buffer.from(effect.text);
        feed.text(bytes, bytes, end - bytes.length);
        break;
      }
      case 'alternate':
        this.#switchScreen(effect);
        break;
      case 'synchronized':
        if (!onAlternate) feed.redraws.synchronized(effect.on, feed.cursorRow);
        observer.synchronized?.(effect.on, end);
        break;
    }
  }

  #erase({ bytes, what }: Effect & { readonly type: 'erase' }): void {
    const { feed, limits } = this.#context;
    const { cursorX, cursorY } = feed.emulator.active;
    const atHome = cursorX === 0 && cursorY === 0;
    const atEnd = cursorY === limits.rows - 1 && cursorX >= limits.cols - 1;
    const whole = what === 'all' || (what === 'below' && atHome) || (what === 'above' && atEnd);
    if (whole) this.#aboutToErase();
    else this.#blanking.aboutToBlank('screen');
    // @xterm/headless 6.0.0 fails where the whole screen is erased as what is above; all of it is the same. And it splits a line by a row
    // that it counts from the first of its scrollback: by itself the sequence finds that empty.
    feed.run(what === 'above' && atEnd ? bytes.replace('1J', '2J') : bytes);
    if (whole && !feed.emulator.onAlternate) feed.provenance.clear();
  }

  #aboutToErase(): void {
    const { feed, observer } = this.#context;
    if (feed.emulator.onAlternate) {
      this.#blanking.aboutToErase();
      observer.alternate?.('erase');
    } else this.#erasing(feed.overshoot);
  }

  /** The whole normal screen is about to be erased, after the cursor was moved up beyond it by `overshoot` rows. */
  #erasing(overshoot = 0): void {
    const { feed, observer } = this.#context;
    if (!feed.provenance.isBlank) feed.redraws.erased(feed.scrolled);
    observer.erasing?.(feed.rows(0, feed.emulator.normalSize.rows), overshoot);
  }

  #switchScreen({ bytes, on, cursor }: Effect & { readonly type: 'alternate' }): void {
    const { feed, limits, observer } = this.#context;
    const { emulator } = feed;
    const changes = on !== emulator.onAlternate;
    if (changes) {
      observer.alternate?.(on ? 'enter' : 'leave');
      this.#blanking.forget();
      if (on || feed.settle()) this.#leftAboutToWrap = cursor && emulator.normal.cursorX >= limits.cols;
    }
    feed.run(bytes);
    emulator.switched();
    // The emulator saves the column, but not that the next character wraps; writing the last one again brings that back.
    if (changes && !on && cursor && this.#leftAboutToWrap) this.#writeLastAgain();
    feed.drain();
  }

  /** Where the cursor is in the last column. */
  #writeLastAgain(): void {
    const { feed, limits } = this.#context;
    const { cursorX, cursorY, baseY } = feed.emulator.normal;
    if (cursorX !== limits.cols - 1) return;
    const line = feed.emulator.normal.getLine(baseY + cursorY);
    const isWide = line?.getCell(cursorX)?.getWidth() === 0;
    const last = Buffer.from(line?.getCell(isWide ? cursorX - 1 : cursorX)?.getChars() ?? '');
    if (isWide) feed.sequence('\b', undefined, 0, feed.end);
    feed.text(last, last, feed.end - last.length);
  }

  #deleteRows({ bytes, at, count }: Effect & { readonly type: 'delete-rows' }): void {
    const { feed, modes, observer } = this.#context;
    const { cursorY } = feed.emulator.active;
    this.#blanking.aboutToBlank('screen');
    const wholeRegion = modes.marginTop === 0 && modes.marginBottom === undefined;
    if (!feed.emulator.onAlternate && wholeRegion && (at === 'region' || cursorY === 0)) {
      const rows = feed.rows(0, count);
      feed.dropped(count);
      observer.scrolledOff?.(rows);
    }
    feed.run(bytes);
  }
}

export interface EffectsState {
  readonly leftAboutToWrap: boolean;
}

type AloneEffect = Exclude<Effect, { readonly type: 'style' | 'show-cursor' | 'row' | 'move' | 'repeat' }>;

/** Row effects after which text is read as before: movements in the row, insertions and erasures; colours. */
const KEEPS_ORDINARY = /^(?:\x1b\[[\d;:]*[@CDGIKPXZ`am]|\b )$/;

const ERASES_ROW = /K$/;
/** EL, DECSEL, ECH, DCH, ICH. */
const BLANKS_CELLS = /[KXP@]$/;
/** IL, SD. */
const SHIFTS_ROWS = /[LT]$/;
const BACK_WRAP = /\?45([hl])$/;
const MODE = /[hl]$/;

/** CUU and CPL, with what they count. */
const UPWARD = /^\x1b\[(\d*)[AF]$/;
/** CUP or HVP without parameters, or to 1;1. */
const HOME = /^\x1b\[[01]?(?:;[01]?)?[Hf]$/;
