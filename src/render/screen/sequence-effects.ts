import { TextDecoder } from 'node:util';
import type { CsiSequence, EscapeToken, EscSequence, StringSequence } from '../../core/terminal/escape-sequences.js';
import { DEC_MODES } from '../../core/terminal/modes.js';
import { MAX_PARAM } from '../../core/terminal/size.js';
import { linkSequence, readLink } from '../model/link.js';

/**
 * What a control sequence does to the text on a screen, with the bytes that make an emulator do it. The bytes are
 * rebuilt from what was understood, with counts that no emulator chokes on, so nothing else ever reaches one.
 */
export type Effect =
  /** Changes cells of the cursor's row, its column, or how what follows is read. */
  | { readonly type: 'row'; readonly bytes: string }
  /** Moves the cursor to another row, or moves rows within the screen. */
  | { readonly type: 'move'; readonly bytes: string }
  /** DECSC and SCOSC, DECRC and SCORC. */
  | { readonly type: 'save-cursor' | 'restore-cursor'; readonly bytes: string }
  /** REP: the last character again, `count` times. */
  | { readonly type: 'repeat'; readonly bytes: string; readonly count: number }
  /** DECAWM. */
  | { readonly type: 'wrap'; readonly bytes: string; readonly on: boolean }
  /** ED: from the cursor to the end, from the start to the cursor, all. `selective`: DECSED, spares protected cells. */
  | {
      readonly type: 'erase';
      readonly bytes: string;
      readonly what: 'below' | 'above' | 'all';
      readonly selective: boolean;
    }
  /** ED 3. */
  | { readonly type: 'erase-scrollback' }
  /** SU, and DL at the cursor: rows leave at the top of the scrolling region or of its rest. */
  | { readonly type: 'delete-rows'; readonly bytes: string; readonly at: 'region' | 'cursor'; readonly count: number }
  /** DECSTBM; zero-based, `bottom` undefined for the last row. */
  | { readonly type: 'margins'; readonly bytes: string; readonly top: number; readonly bottom: number | undefined }
  /** DECSTR. */
  | { readonly type: 'soft-reset'; readonly bytes: string }
  /** RIS. */
  | { readonly type: 'reset'; readonly bytes: string }
  /** DECCOLM: erases the screen, homes the cursor and resets the margins; the size stays (as in tmux). */
  | { readonly type: 'set-columns' }
  /** SGR, and OSC 8, the link that text leads to. */
  | { readonly type: 'style'; readonly bytes: string }
  /** Text that a sequence has in it to be shown. */
  | { readonly type: 'print'; readonly text: string }
  /** DECTCEM. */
  | { readonly type: 'show-cursor'; readonly on: boolean }
  /** `cursor`: mode 1049, which saves and restores it. */
  | { readonly type: 'alternate'; readonly bytes: string; readonly on: boolean; readonly cursor: boolean }
  /** DEC mode 2026: what is between is one frame. */
  | { readonly type: 'synchronized'; readonly on: boolean };

/** The effects of one sequence; none for what changes no text: colours (unless `styles`), other strings, queries, titles. */
export function sequenceEffects(token: EscapeToken, screen: ScreenLimits): readonly Effect[] {
  if (token.type === 'csi') return csiEffects(token, screen);
  if (token.type === 'esc') return escapeEffects(token);
  if (token.type !== 'osc') return [];
  const opened = screen.links ? readLink(token) : undefined;
  return opened === undefined ? inlineLink(token) : [{ type: 'style', bytes: linkSequence(opened.link) }];
}

export interface ScreenLimits {
  readonly cols: number;
  readonly rows: number;
  /** Whether colours and the like are wanted. */
  readonly styles: boolean;
  /** Whether links are; wherever colours are. */
  readonly links: boolean;
}

function escapeEffects({ intermediates, final }: EscSequence): readonly Effect[] {
  const bytes = `\x1b${intermediates}${final}`;
  if (intermediates === '') {
    // RIS in @xterm/headless 6.0.0 leaves LNM as it is.
    if (final === 'c') return [{ type: 'reset', bytes: `\x1b[20l${bytes}` }];
    if (final === '7' || final === '8') return [{ type: final === '7' ? 'save-cursor' : 'restore-cursor', bytes }];
    if (ROW_MOVING_ESCAPES.has(final)) return [{ type: 'move', bytes }];
    return ROW_ESCAPES.has(final) ? [{ type: 'row', bytes }] : [];
  }
  if (intermediates === '#') return final === '8' ? [{ type: 'move', bytes }] : [];
  return CHARSET_DESIGNATORS.has(intermediates) || (intermediates === '%' && (final === '@' || final === 'G'))
    ? [{ type: 'row', bytes }]
    : [];
}

function csiEffects(csi: CsiSequence, screen: ScreenLimits): readonly Effect[] {
  if (csi.final === 'h' || csi.final === 'l') return csi.intermediates === '' ? modeEffects(csi) : [];
  if (csi.final === 'J' && csi.intermediates === '' && (csi.prefix === '' || csi.prefix === '?'))
    return eraseEffects(csi);
  const name = csi.prefix + csi.intermediates + csi.final;
  const first = Math.max(csi.params[0] ?? 1, 1);
  if (name === 'm') return screen.styles ? [{ type: 'style', bytes: `\x1b[${csi.rawParams}m` }] : [];
  if (name === 'r') return marginEffects(csi, screen);
  if (name === 'S' || name === 'M') {
    const count = Math.min(first, screen.rows);
    return [{ type: 'delete-rows', bytes: `\x1b[${count}${name}`, at: name === 'S' ? 'region' : 'cursor', count }];
  }
  if (name === '!p') return [{ type: 'soft-reset', bytes: '\x1b[!p' }];
  if (name === 'b') {
    const count = Math.min(first, MAX_PARAM, screen.cols * Math.min(screen.rows, MAX_REPEATED_ROWS));
    return [{ type: 'repeat', bytes: `\x1b[${count}b`, count }];
  }
  if (name === 's' || name === 'u') {
    return csi.params.length > 0
      ? []
      : [{ type: name === 's' ? 'save-cursor' : 'restore-cursor', bytes: `\x1b[${name}` }];
  }
  if (ROW_MOVING_CSI.has(name)) return [{ type: 'move', bytes: rebuild(csi, screen) }];
  return ROW_CSI.has(name) ? [{ type: 'row', bytes: rebuild(csi, screen) }] : [];
}

function eraseEffects({ prefix, params: [selector = 0] }: CsiSequence): readonly Effect[] {
  if (selector === 3) return prefix === '' ? [{ type: 'erase-scrollback' }] : [];
  const what = ERASED_AREAS[selector];
  return what === undefined
    ? []
    : [{ type: 'erase', bytes: `\x1b[${prefix}${selector}J`, what, selective: prefix === '?' }];
}

/** ECMA-48 lets one sequence set several modes; each is taken by itself. */
function modeEffects({ prefix, params, final }: CsiSequence): readonly Effect[] {
  const on = final === 'h';
  return params.flatMap((mode): readonly Effect[] => {
    const bytes = `\x1b[${prefix}${mode}${final}`;
    if (prefix === '') return ROW_MODES.has(mode) ? [{ type: 'row', bytes }] : [];
    const screen = prefix === '?' ? DEC_MODES.get(mode)?.screen : undefined;
    switch (screen) {
      case undefined:
        return [];
      case 'save-cursor':
        return [{ type: on ? 'save-cursor' : 'restore-cursor', bytes }];
      case 'synchronized':
        return [{ type: 'synchronized', on }];
      case 'cursor':
        return [{ type: 'show-cursor', on }];
      case 'wrap':
        return [{ type: 'wrap', bytes, on }];
      case 'set-columns':
        return [{ type: 'set-columns' }];
      case 'alternate':
        return [{ type: 'alternate', bytes, on, cursor: mode === 1049 }];
      case 'move':
      case 'row':
        return [{ type: screen, bytes }];
    }
  });
}

/** OSC 1339 of Buildkite's logs: a link whose text is in the sequence, or else its address. */
function inlineLink({ payload, payloadBytes }: StringSequence): readonly Effect[] {
  if (payloadBytes !== payload.length || payload[0] !== 0x31) return [];
  const fields = /^1339;(.*)$/su.exec(new TextDecoder().decode(payload))?.[1];
  if (fields === undefined) return [];
  const field = (name: string): string | undefined => new RegExp(`(?:^|;)${name}=("[^"]*"|[^;]*)`).exec(fields)?.[1];
  const text = field('content') ?? field('url') ?? '';
  return [{ type: 'print', text: text.replace(/^"|"$/g, '').replace(/\p{Cc}/gu, '') }];
}

function marginEffects({ params: [first = 1, given = 0] }: CsiSequence, { rows }: ScreenLimits): readonly Effect[] {
  const top = Math.max(first, 1);
  const bottom = given === 0 || given > rows ? rows : given;
  if (top >= bottom) return [];
  return [
    {
      type: 'margins',
      bytes: `\x1b[${top};${bottom}r`,
      top: top - 1,
      bottom: bottom === rows ? undefined : bottom - 1,
    },
  ];
}

/**
 * Counts beyond the screen mean the same as the screen's size, but cost @xterm/headless 6.0.0 about 1 µs a row, and it
 * does not clamp them.
 */
function rebuild(
  { prefix, params, rawParams, intermediates, final }: CsiSequence,
  { cols, rows }: ScreenLimits,
): string {
  const limit = INSERTING_CSI.has(final) ? Math.max(cols, rows) : MAX_PARAM;
  const asSent =
    rawParams.length <= MAX_PARAM_DIGITS && params.every((param) => param <= limit) && !rawParams.includes(':');
  const text = asSent ? rawParams : params.map((param) => Math.min(param, limit)).join(';');
  return `\x1b[${prefix}${text}${intermediates}${final}`;
}

/** Two numbers of four digits; what is longer may have zeros in front without end. */
const MAX_PARAM_DIGITS = 9;

/** So that one REP cannot overrun the scrollback. */
const MAX_REPEATED_ROWS = 500;

const ERASED_AREAS = ['below', 'above', 'all'] as const;

/** IND, NEL, RI. */
const ROW_MOVING_ESCAPES: ReadonlySet<string> = new Set(['D', 'E', 'M']);
/** HTS, LS2, LS3, LS1R, LS2R, LS3R. */
const ROW_ESCAPES: ReadonlySet<string> = new Set(['H', 'n', 'o', '~', '}', '|']);
const CHARSET_DESIGNATORS: ReadonlySet<string> = new Set(['(', ')', '*', '+', '-', '.', '/']);

/** CUU, CUD, CNL, CPL, CUP, HVP, VPA, VPR, IL, SD. */
const ROW_MOVING_CSI: ReadonlySet<string> = new Set(['A', 'B', 'E', 'F', 'H', 'f', 'd', 'e', 'L', 'T']);
/** ICH, CUF, CUB, CHA, CHT, EL, DECSEL, DCH, ECH, CBT, HPA, HPR, TBC, SL, SR, DECIC, DECDC, DECSCA. */
const ROW_CSI: ReadonlySet<string> = new Set([
  ...['@', 'C', 'D', 'G', 'I', 'K', '?K', 'P', 'X', 'Z', '`', 'a', 'g'],
  ...[' @', ' A', "'}", "'~", '"q'],
]);
const INSERTING_CSI: ReadonlySet<string> = new Set(['@', 'L', 'P', 'T', 'X', 'I', 'Z', '}', '~']);

/** IRM, LNM. */
const ROW_MODES: ReadonlySet<number> = new Set([4, 20]);
