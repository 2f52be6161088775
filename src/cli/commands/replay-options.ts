import { errors } from '../../core/errors.js';
import type { Place } from '../../view/places/place.js';
import { MAX_SPEED, MIN_SPEED } from '../../view/replay/speed.js';
import type { OptionSpec, OptionValues } from '../options/command.js';
import { refuseBeside } from '../logs/logs-options.js';
import { readPlace } from '../options/read-place.js';
import { readValue } from '../options/read-value.js';
import { duration } from '../../settings/value-kind.js';

/** A person who waits longer than this for nothing wonders whether it is broken. */
const IDLE_LIMIT_SECONDS = 2;

export const replayOptions: readonly OptionSpec[] = [
  { flags: '--speed <factor>', description: `${MIN_SPEED} to ${MAX_SPEED} (default: 1)` },
  {
    flags: '--idle-limit <time>',
    description: `shorten pauses to this (default: ${IDLE_LIMIT_SECONDS}s)`,
  },
  { flags: '--from <place>', description: 'begin at this place: 90, 1m30s, a time, @BYTES, #ITERATION, /PATTERN/' },
  { flags: '--to <place>', description: 'end at this place' },
  { flags: '--loop', description: 'begin again at the end, until q or Ctrl-C' },
  { flags: '-f, --follow', description: 'a running task: its output so far at once, then live (--from: played)' },
  { flags: '--fit', description: "ask the terminal to take on the recording's size" },
  { flags: '--no-ansi', description: 'print clean lines at the pace they appeared; no keys' },
  { flags: '--screen', description: 'print the screen at the end as text; no replay' },
  { flags: '--at <place>', description: 'with --screen: as it was at this place' },
];

export type ReplayRequest =
  | { readonly type: 'screen'; readonly at: Place | undefined }
  | {
      readonly type: 'play';
      readonly speed: number;
      readonly idleLimitMs: number;
      readonly from: Place | undefined;
      readonly to: Place | undefined;
      readonly loop: boolean;
      readonly follow: boolean;
      readonly fit: boolean;
      readonly clean: boolean;
    };

/** @throws OrchError BAD_ARGUMENT */
export function replayRequest(options: OptionValues): ReplayRequest {
  if (options.has('screen')) {
    refuseBeside('--screen', options, ['speed', 'idle-limit', 'from', 'to', 'loop', 'follow', 'fit', 'no-ansi']);
    return { type: 'screen', at: readPlace(options, 'at') };
  }
  if (options.has('at')) throw errors.badArgument('--at goes with --screen', 'a replay begins at --from');
  if (options.has('follow')) refuseBeside('--follow', options, ['to', 'loop']);
  if (options.has('no-ansi')) refuseBeside('--no-ansi', options, ['fit']);
  return {
    type: 'play',
    speed: readSpeed(options),
    idleLimitMs: readValue(options, 'idle-limit', duration) ?? IDLE_LIMIT_SECONDS * 1000,
    from: readPlace(options, 'from'),
    to: readPlace(options, 'to'),
    loop: options.has('loop'),
    follow: options.has('follow'),
    fit: options.has('fit'),
    clean: options.has('no-ansi'),
  };
}

function readSpeed(options: OptionValues): number {
  const text = options.text('speed') ?? '1';
  const speed = /^\d{1,3}(?:\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (speed >= MIN_SPEED && speed <= MAX_SPEED) return speed;
  throw errors.badArgument(`--speed ${text} is not a speed`, `from ${MIN_SPEED} to ${MAX_SPEED}, such as --speed 2`);
}
