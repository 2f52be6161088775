import type { Clock } from '../../core/clock.js';
import { errnoCode } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { ALIVE_MS } from '../../store/task/liveness.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { formatClock } from '../print/format.js';
import { CurrentStatus } from './current-status.js';
import { Display } from './display.js';
import { KeyInput } from './input/key-input.js';
import { type Steered, steer } from './input/keymap.js';
import type { Key } from './input/keys.js';
import { LineSearch, type SearchResult } from './line-search.js';
import type { MomentsOptions } from './moments.js';
import { Player } from './player.js';
import { Playhead } from './playhead.js';
import { Prompt } from './input/prompt.js';
import { ReplayTerminal } from './replay-terminal.js';
import { Snapshots } from './snapshots.js';
import { statusLine } from './status-line.js';
import { Suspension } from './suspension.js';
import { RecordedTimeline } from './timeline.js';
import { Waker } from './waker.js';

export interface SessionOptions extends MomentsOptions {
  /** Asks the terminal to take on the recording's size. */
  readonly fit: boolean;
  /** Ctrl-C, or a terminal that has hung up. */
  readonly onInterrupt: (signal: 'SIGINT' | 'SIGHUP') => void;
}

/** How often the status line is looked after while nothing else happens. */
const STATUS_MS = 100;

/** What keys are for: steering, in front of the recording's screen or the help, or what is looked for. */
type Mode =
  | { readonly type: 'screen' | 'help' | 'quit' }
  | { readonly type: 'prompt'; readonly prompt: Prompt; readonly over: Mode };

/**
 * Plays a recording on the user's terminal, with keys, until it has ended by itself or the user has had enough. Returns the
 * offset up to which anything was shown. The terminal is put back whatever happens.
 */
export async function playOnTerminal(recording: RecordedTask, options: SessionOptions): Promise<number> {
  await using session = new Session(recording, options);
  return await session.run();
}

class Session implements AsyncDisposable {
  readonly #recording: RecordedTask;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #timeline: RecordedTimeline;
  readonly #player: Player;
  readonly #playhead: Playhead;
  readonly #terminal: ReplayTerminal;
  readonly #display: Display;
  readonly #input: KeyInput;
  readonly #search: LineSearch;
  readonly #status: CurrentStatus;
  readonly #suspension = new Suspension();
  readonly #waker: Waker;
  #mode: Mode = { type: 'screen' };
  /** The answer to a key. */
  #message: string | undefined;
  /** The user steers: then the end is no reason to go. */
  #isSteered = false;
  /** Ends the move under way: another was asked for. */
  #move = new AbortController();
  #furthest = 0;

  constructor(recording: RecordedTask, options: SessionOptions) {
    const { clock } = options;
    this.#recording = recording;
    this.#options = options;
    this.#clock = clock;
    this.#timeline = new RecordedTimeline(recording, clock);
    this.#playhead = new Playhead(recording, new Snapshots(recording));
    this.#waker = new Waker(clock);
    this.#input = new KeyInput(clock, this.#pressed);
    this.#status = new CurrentStatus(recording);
    this.#search = new LineSearch({
      recording,
      range: () => ({ from: this.#player.position.offset, end: this.#timeline.end.offset }),
      onResult: this.#searched,
    });
    this.#terminal = new ReplayTerminal(clock, {
      onInput: (bytes) => {
        this.#input.typed(bytes);
      },
      onResize: () => {
        this.#display.forget();
        this.#waker.wake();
      },
      onWritten: () => {
        this.#waker.wake();
      },
      onHangUp: () => {
        options.onInterrupt('SIGHUP');
      },
    });
    const fit = (size: TerminalSize): void => {
      this.#terminal.fit(size);
    };
    this.#display = new Display(this.#terminal, options.fit ? fit : undefined);
    this.#player = new Player(this.#timeline, options, clock.monotonic());
    options.signal.addEventListener('abort', this.#aborted);
  }

  async run(): Promise<number> {
    const watched = new AbortController();
    const watching = this.#watch(watched.signal);
    try {
      while (!this.#isOver) {
        await this.#suspension.takePlace(this.#player, this.#terminal, this.#clock);
        await this.#goOn();
        const hasEnded = this.#player.isAtEnd && !this.#isSteered && this.#isThere;
        this.#paint(hasEnded);
        if (hasEnded) break;
        await this.#nextEvent();
      }
    } catch (error) {
      if (errnoCode(error) !== 'EIO') throw error;
      this.#options.onInterrupt('SIGHUP');
    } finally {
      watched.abort();
      this.#search[Symbol.dispose]();
      await watching;
    }
    return this.#furthest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#input[Symbol.dispose]();
    this.#terminal[Symbol.dispose]();
    await this.#playhead[Symbol.asyncDispose]();
  }

  get #isOver(): boolean {
    return this.#mode.type === 'quit' || this.#options.signal.aborted;
  }

  /** The screen shows what is to be seen. */
  get #isThere(): boolean {
    return this.#playhead.position === this.#player.position;
  }

  readonly #aborted = (): void => {
    this.#move.abort();
    this.#waker.wake();
  };

  /** Brings the screen to where the player is, or some way there. */
  async #goOn(): Promise<void> {
    const target = this.#player.advance(this.#clock.monotonic());
    if (this.#isThere) return;
    this.#move = new AbortController();
    const report = (): void => {
      this.#reportMove(target.offset);
      timer = this.#clock.after(STATUS_MS, report);
    };
    let timer = this.#clock.after(STATUS_MS, report);
    try {
      await this.#playhead.moveTo(target, this.#move.signal);
    } finally {
      timer.cancel();
    }
    this.#furthest = Math.max(this.#furthest, this.#playhead.position.offset);
  }

  /** A move that takes its time: how much of it is left, below the picture it began with. */
  #reportMove(end: number): void {
    const left = Math.ceil((100 * (end - this.#playhead.position.offset)) / Math.max(1, end));
    this.#display.paintStatus(` on the way to ${formatClock(this.#player.position.ms)}: ${left} % left`);
  }

  /** Waits for a key, a change of the window or the recording, or the next thing that is due. */
  async #nextEvent(): Promise<void> {
    const { isPaused, isAtEnd, wakeAt = Infinity } = this.#player;
    const status = isPaused || isAtEnd ? Infinity : this.#clock.monotonic() + STATUS_MS;
    if (this.#isOver || !this.#isThere) this.#waker.wake();
    await this.#waker.waitUntil(Math.min(wakeAt, status, this.#display.paintAt));
  }

  /** What is recorded meanwhile. */
  async #watch(signal: AbortSignal): Promise<void> {
    const mayGrow = (): boolean => !signal.aborted && this.#timeline.grows;
    if (!mayGrow()) return;
    using watcher = new FolderWatcher(this.#recording.entry.folder.path, () => true, this.#clock);
    while (mayGrow()) {
      await watcher.wait(ALIVE_MS, signal);
      this.#recording.refresh();
      this.#waker.wake();
    }
  }

  #paint(isLast: boolean): void {
    if (!this.#isThere) {
      this.#display.postpone();
      return;
    }
    const now = this.#clock.monotonic();
    const mode = this.#mode;
    const showsHelp = (mode.type === 'prompt' ? mode.over : mode).type === 'help';
    const prompt = mode.type === 'prompt' ? mode.prompt.text : undefined;
    const status = (clipped: string | undefined): string => this.#statusLine(now, clipped);
    this.#display.paint({ screen: this.#playhead.screen, showsHelp, prompt, status }, now, isLast);
  }

  #statusLine(now: number, clipped: string | undefined): string {
    const player = this.#player;
    return statusLine(
      {
        state: player.isPaused ? 'paused' : player.isLive ? 'live' : player.isAtEnd ? 'ended' : 'playing',
        ms: player.msAt(now),
        length: player.range.to.ms,
        speed: player.speed,
        iteration: this.#timeline.iterationAt(player.position),
        task: this.#status.text(now, this.#timeline.grows),
        clipped,
        message: this.#message,
      },
      this.#terminal.size.cols,
    );
  }

  readonly #pressed = (keys: readonly Key[]): void => {
    const { position } = this.#player;
    for (const key of keys) this.#press(key);
    if (this.#player.position !== position || this.#isOver) this.#move.abort();
    this.#waker.wake();
  };

  #press(key: Key): void {
    if (key.type === 'named' && key.name === 'interrupt') {
      this.#options.onInterrupt('SIGINT');
      return;
    }
    if (key.type === 'named' && key.name === 'suspend') {
      this.#suspension.ask();
      return;
    }
    this.#message = undefined;
    this.#isSteered = true;
    if (this.#mode.type === 'prompt') this.#type(key, this.#mode);
    else if (key.type !== 'paste' && this.#mode.type !== 'quit')
      steer(key.type === 'named' ? key.name : key.character, this.#steered());
  }

  #type(key: Key, { prompt, over }: Extract<Mode, { type: 'prompt' }>): void {
    const pressed = prompt.press(key);
    if (pressed === 'open') return;
    this.#mode = over;
    if (pressed === 'entered' && prompt.text !== '') this.#message = this.#search.begin(prompt.text);
  }

  #steered(): Steered {
    return {
      player: this.#player,
      now: this.#clock.monotonic(),
      pan: (rows, cols) => {
        this.#display.pan(rows, cols);
      },
      followCursor: () => {
        this.#display.followCursor();
      },
      toggleHelp: () => {
        this.#mode = { type: this.#mode.type === 'help' ? 'screen' : 'help' };
      },
      escape: () => {
        this.#mode = { type: 'screen' };
        this.#search.cancel();
      },
      promptForPattern: () => {
        this.#mode = { type: 'prompt', prompt: new Prompt(), over: this.#mode };
      },
      searchOn: (direction) => {
        this.#message = this.#search.goOn(direction);
      },
      quit: () => {
        this.#mode = { type: 'quit' };
      },
      say: (message) => {
        this.#message = message;
      },
    };
  }

  readonly #searched = (result: SearchResult): void => {
    this.#message = result.type === 'none' ? result.message : undefined;
    if (result.type === 'found') {
      const now = this.#clock.monotonic();
      if (!this.#player.isPaused) this.#player.togglePause(now);
      this.#player.seekOffset(result.endOffset, now);
      this.#move.abort();
    }
    this.#waker.wake();
  };
}
