import { LEAP_MS, type Player } from '../player.js';

/** What keys steer. */
export interface Steered {
  readonly player: Player;
  /** The time of the clock when the key was pressed, in milliseconds. */
  readonly now: number;
  /** Pans by a number of steps. */
  pan(rows: number, cols: number): void;
  followCursor(): void;
  toggleHelp(): void;
  /** Closes the help, and ends a search. */
  escape(): void;
  /** Asks what to look for. */
  promptForPattern(): void;
  searchOn(direction: 'forward' | 'back'): void;
  quit(): void;
  /** Answers a key, in the status line. */
  say(message: string): void;
}

type Act = (on: Steered) => void;

export interface Binding {
  /** What each key does: a character, or the name of a key. */
  readonly keys: Readonly<Record<string, Act>>;
  /** How the keys are called in the help and the docs, and what they do; undefined: they are in neither. */
  readonly help?: readonly [keys: string, does: string];
}

/** The keys of a replay: what they do, what its help says, and the table in the docs. */
export const KEYMAP: readonly Binding[] = [
  {
    keys: {
      ' ': ({ player, now }) => {
        player.togglePause(now);
      },
    },
    help: ['space', 'pause, or continue'],
  },
  {
    keys: { '.': step(1), ',': step(-1) },
    help: ['.  ,', 'the next frame, the previous one'],
  },
  {
    keys: { left: leap(-LEAP_MS), right: leap(LEAP_MS) },
    help: ['left  right', `${LEAP_MS / 1000} seconds back, or on`],
  },
  {
    keys: { '[': seekIteration(-1, 'no iteration before this'), ']': seekIteration(1, 'no iteration after this') },
    help: ['[  ]', 'the beginning of the iteration, of the next'],
  },
  {
    keys: Object.fromEntries(Array.from({ length: 10 }, (_, tenth) => [tenth, seekTenth(tenth)])),
    help: ['0 to 9', 'tenths of the recording'],
  },
  {
    keys: {
      home: ({ player, now }) => {
        player.seek(player.range.from.ms, now);
      },
      end: ({ player, now }) => {
        player.seek(player.range.to.ms, now);
      },
    },
    help: ['home  end', 'its beginning, its end'],
  },
  {
    keys: { '+': changeSpeed(1), '=': changeSpeed(1), '-': changeSpeed(-1) },
    help: ['+  -', 'twice as fast, half as fast'],
  },
  {
    keys: {
      '/': (on) => {
        on.promptForPattern();
      },
      n: (on) => {
        on.searchOn('forward');
      },
      N: (on) => {
        on.searchOn('back');
      },
    },
    help: ['/  n  N', 'find a line (a regular expression); the next, the previous'],
  },
  {
    keys: { h: pan(0, -1), j: pan(1, 0), k: pan(-1, 0), l: pan(0, 1) },
    help: ['h j k l', 'pan a screen larger than yours left, down, up, right'],
  },
  {
    keys: { 'shift-left': pan(0, -1), 'shift-down': pan(1, 0), 'shift-up': pan(-1, 0), 'shift-right': pan(0, 1) },
    help: ['shift + arrows', 'the same'],
  },
  {
    keys: {
      c: (on) => {
        on.followCursor();
      },
    },
    help: ['c', 'follow the cursor again'],
  },
  {
    keys: {
      '?': (on) => {
        on.toggleHelp();
      },
    },
    help: ['?', 'these keys'],
  },
  {
    keys: {
      escape: (on) => {
        on.escape();
      },
    },
  },
  {
    keys: {
      q: (on) => {
        on.quit();
      },
    },
    help: ['q', 'quit'],
  },
];

/** Does what `key` is for, if anything. */
export function steer(key: string, on: Steered): void {
  ACTS.get(key)?.(on);
}

const ACTS: ReadonlyMap<string, Act> = new Map(KEYMAP.flatMap(({ keys }) => Object.entries(keys)));

function step(frames: 1 | -1): Act {
  return ({ player, now }) => {
    player.step(frames, now);
  };
}

function leap(ms: number): Act {
  return ({ player, now }) => {
    player.leap(ms, now);
  };
}

function seekTenth(tenth: number): Act {
  return ({ player, now }) => {
    player.seekTenth(tenth, now);
  };
}

function seekIteration(by: 1 | -1, none: string): Act {
  return (on) => {
    if (!on.player.seekIteration(by, on.now)) on.say(none);
  };
}

function changeSpeed(by: 1 | -1): Act {
  return ({ player, now }) => {
    player.changeSpeed(by, now);
  };
}

function pan(rows: number, cols: number): Act {
  return (on) => {
    on.pan(rows, cols);
  };
}
