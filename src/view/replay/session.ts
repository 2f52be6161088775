import type { Clock, Timer } from '../../core/clock.js';
import { errnoCode } from '../../core/errors.js';
import { asWritten, compilePattern, type Pattern } from '../../core/pattern/pattern.js';
import { PatternRefused } from '../../core/pattern/pattern-refused.js';
import { printable } from '../../core/text/printable.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { attachedSize, UserTerminal } from '../../pty/terminal/user-terminal.js';
import type { Window } from '../../render/model/frame.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { ALIVE_MS } from '../../store/task/liveness.js';
import { readTask } from '../../store/task/task-reader.js';
import { plain } from '../print/colour.js';
import { displayWidth, truncate } from '../../core/terminal/display-width.js';
import { formatClock } from '../print/format.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { statusText } from '../tasks/task-status.js';
import { helpFrame } from './help.js';
import { type Key, KeyReader } from './keys.js';
import type { MomentsOptions } from './moments.js';
import { Painter, type Picture } from './painter.js';
import { Pan } from './pan.js';
import { LEAP_MS, Player } from './player.js';
import { Playhead } from './playhead.js';
import { type FoundLine, nextLine, previousLine } from './search.js';
import { Snapshots } from './snapshots.js';
import { promptLine, statusLine } from './status-line.js';
import { RecordedTimeline } from './timeline.js';

export interface SessionOptions extends MomentsOptions {
  /** Asks the terminal to take on the recording's size. */
  readonly fit: boolean;
  /** Ctrl-C, or a terminal that has hung up. */
  readonly onInterrupt: (signal: 'SIGINT' | 'SIGHUP') => void;
}

/**
 * Between two pictures, in milliseconds: a piece of output may be seen ten late, and a terminal takes far longer to draw more
 * than a hundred pictures a second.
 */
const PAINT_MS = 8;
/** How often the status line is looked after while nothing else happens. */
const STATUS_MS = 100;
/** An ESC that nothing has followed for so long was the key. */
const ESCAPE_MS = 50;
/** How far a pan goes, in cells. */
const PAN_COLS = 8;
const PAN_ROWS = 2;

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
  readonly #terminal: UserTerminal;
  readonly #keys = new KeyReader();
  readonly #painter: Painter;
  readonly #pan = new Pan();
  readonly #original: TerminalSize;
  #size: TerminalSize;
  #fitted: TerminalSize | undefined;
  /** What was written and the terminal has not taken yet. */
  #pending: Uint8Array = new Uint8Array(0);
  /** There may be something to paint. */
  #isDirty = true;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #window: Window;
  #picture: Picture | undefined;
  #escape: Timer | undefined;
  #wake: () => void = () => undefined;
  #isWoken = false;
  /** Ends the move under way: it leads where nobody wants to be any more. */
  #move = new AbortController();
  #search: { readonly pattern: Pattern; readonly under: AbortController } | undefined;
  #task: { readonly text?: string; readonly readAt: number; readonly mayChange: boolean } = {
    readAt: 0,
    mayChange: true,
  };
  #prompt: string | undefined;
  #message: string | undefined;
  #showsHelp = false;
  #suspends = false;
  /** Somebody steers: then the end is no reason to go. */
  #isSteered = false;
  #quits = false;
  #furthest = 0;

  constructor(recording: RecordedTask, options: SessionOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#clock = options.clock;
    this.#timeline = new RecordedTimeline(recording, options.clock);
    this.#playhead = new Playhead(recording, new Snapshots(recording));
    this.#terminal = new UserTerminal(options.clock, {
      onInput: (bytes) => {
        this.#typed(bytes);
        return true;
      },
      onResize: (size) => {
        this.#resized(size);
      },
      onInputEnd: () => {
        options.onInterrupt('SIGHUP');
      },
    });
    this.#size = this.#original = attachedSize() ?? { cols: 80, rows: 24 };
    this.#window = { top: 0, left: 0, ...this.#size };
    this.#painter = new Painter(this.#size);
    this.#player = new Player(this.#timeline, options, options.clock.monotonic());
    options.signal.addEventListener('abort', this.#aborted);
  }

  async run(): Promise<number> {
    const watched = new AbortController();
    const watching = this.#watch(watched.signal);
    try {
      while (!this.#isOver) {
        if (this.#suspends) await this.#suspend();
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
      this.#search?.under.abort();
      await watching;
    }
    return this.#furthest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#escape?.cancel();
    this.#terminal[Symbol.dispose]();
    await this.#playhead[Symbol.asyncDispose]();
  }

  get #isOver(): boolean {
    return this.#quits || this.#options.signal.aborted;
  }

  /** The screen shows what is to be seen. */
  get #isThere(): boolean {
    return this.#playhead.position === this.#player.position;
  }

  readonly #aborted = (): void => {
    this.#move.abort();
    this.#wakeUp();
  };

  /** Brings the screen to where the player is, or some way there. */
  async #goOn(): Promise<void> {
    const target = this.#player.advance(this.#clock.monotonic());
    if (this.#isThere) return;
    this.#move = new AbortController();
    const tell = (): void => {
      this.#tellWay(target.offset);
      timer = this.#clock.after(STATUS_MS, tell);
    };
    let timer = this.#clock.after(STATUS_MS, tell);
    try {
      await this.#playhead.moveTo(target, this.#move.signal);
    } finally {
      timer.cancel();
    }
    this.#furthest = Math.max(this.#furthest, this.#playhead.position.offset);
  }

  /** A move that takes its time: how much of it is left, below the picture it began with. */
  #tellWay(end: number): void {
    if (this.#picture === undefined || this.#pending.length > 0) return;
    const left = Math.ceil((100 * (end - this.#playhead.position.offset)) / Math.max(1, end));
    const way = ` on the way to ${formatClock(this.#player.position.ms)}: ${left} % left`;
    this.#write(this.#painter.paint({ ...this.#picture, status: truncate(way, this.#size.cols) }));
  }

  /** Waits for a key, a change of the window or the recording, or the next thing that is due. */
  async #nextEvent(): Promise<void> {
    const now = this.#clock.monotonic();
    const status = this.#player.isPaused || this.#player.isAtEnd ? Infinity : now + STATUS_MS;
    const paint = this.#isDirty ? this.#paintedAt + PAINT_MS : Infinity;
    const until = Math.min(this.#player.wakeAt ?? Infinity, status, paint);
    await new Promise<void>((resolve) => {
      const timer = until === Infinity ? undefined : this.#clock.after(Math.max(0, until - now), resolve);
      this.#wake = () => {
        timer?.cancel();
        resolve();
      };
      if (this.#isWoken || this.#isOver || !this.#isThere) this.#wake();
    });
    this.#isWoken = false;
  }

  #wakeUp(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** What is recorded meanwhile. */
  async #watch(signal: AbortSignal): Promise<void> {
    const mayGrow = (): boolean => !signal.aborted && this.#timeline.grows;
    if (!mayGrow()) return;
    using watcher = new FolderWatcher(this.#recording.entry.folder.path, () => true, this.#clock);
    while (mayGrow()) {
      await watcher.wait(ALIVE_MS, signal);
      this.#recording.refresh();
      this.#wakeUp();
    }
  }

  #paint(isLast: boolean): void {
    const now = this.#clock.monotonic();
    this.#isDirty = true;
    const isEarly = now < this.#paintedAt + PAINT_MS && !isLast;
    if (isEarly || this.#pending.length > 0 || !this.#isThere) return;
    this.#isDirty = false;
    const { screen } = this.#playhead;
    const view = { cols: this.#size.cols, rows: Math.max(0, this.#size.rows - 1) };
    if (this.#options.fit) this.#fit(screen.size);
    const cursor = screen.frame({ top: 0, left: 0, cols: 0, rows: 0 }).cursor.row;
    this.#window = this.#pan.window(screen.size, view, cursor);
    const frame = this.#showsHelp ? helpFrame(view) : screen.frame(this.#window);
    this.#picture =
      this.#prompt === undefined
        ? { frame, status: this.#status(now) }
        : { frame, status: promptLine(this.#prompt, view.cols), prompt: displayWidth(this.#prompt) + 1 };
    const text = this.#painter.paint(this.#picture);
    if (text === '') return;
    this.#paintedAt = now;
    this.#write(text);
  }

  #status(now: number): string {
    const player = this.#player;
    const { screen } = this.#playhead;
    const { cols, rows } = screen.size;
    const isWhole = cols <= this.#window.cols && rows <= this.#window.rows;
    return statusLine(
      {
        state: player.isPaused ? 'paused' : player.isLive ? 'live' : player.isAtEnd ? 'ended' : 'playing',
        ms: player.msAt(now),
        length: player.range.to.ms,
        speed: player.speed,
        iteration: this.#timeline.iterationAt(player.position),
        task: this.#taskStatus(now),
        clipped: isWhole ? undefined : `${cols}x${rows} from ${this.#window.left + 1},${this.#window.top + 1}`,
        message: this.#message,
      },
      this.#size.cols,
    );
  }

  /** Asked for with every picture, and read anew when it may be another. */
  #taskStatus(now: number): string {
    const { text, readAt, mayChange } = this.#task;
    if (text !== undefined && (!mayChange || now - readAt < ALIVE_MS)) return text;
    const grows = this.#timeline.grows;
    const read = statusText(readTask(this.#recording.entry.folder), plain);
    this.#task = { text: read, readAt: now, mayChange: grows };
    return read;
  }

  /** XTWINOPS: a terminal that does not do it is asked again only for another size. */
  #fit({ cols, rows }: TerminalSize): void {
    if (this.#fitted?.cols === cols && this.#fitted.rows === rows) return;
    this.#fitted = { cols, rows };
    this.#terminal.undoBesides(resizeTo(this.#original));
    this.#write(resizeTo({ cols, rows: rows + 1 }));
  }

  #write(text: string): void {
    this.#pending = Buffer.concat([this.#pending, Buffer.from(text)]);
    this.#flush();
  }

  readonly #flush = (): void => {
    this.#pending = this.#pending.subarray(this.#terminal.write(this.#pending));
    if (this.#pending.length > 0) this.#terminal.whenWritable(this.#flushed);
  };

  readonly #flushed = (): void => {
    try {
      this.#flush();
      if (this.#pending.length === 0) this.#wakeUp();
    } catch {
      this.#options.onInterrupt('SIGHUP');
    }
  };

  #resized(size: TerminalSize): void {
    this.#size = size;
    this.#picture = undefined;
    this.#painter.forget(size);
    this.#wakeUp();
  }

  async #suspend(): Promise<void> {
    this.#suspends = false;
    const isPlaying = !this.#player.isPaused;
    if (isPlaying) this.#player.togglePause(this.#clock.monotonic());
    await this.#terminal.suspend();
    if (isPlaying) this.#player.togglePause(this.#clock.monotonic());
    this.#resized(attachedSize() ?? this.#size);
  }

  #typed(bytes: Uint8Array): void {
    this.#escape?.cancel();
    const { position } = this.#player;
    for (const key of this.#keys.read(bytes)) this.#press(key);
    if (this.#keys.isOpen) {
      this.#escape = this.#clock.after(ESCAPE_MS, () => {
        for (const key of this.#keys.settle()) this.#press(key);
        this.#wakeUp();
      });
    }
    if (this.#player.position !== position || this.#isOver) this.#move.abort();
    this.#wakeUp();
  }

  #press(key: Key): void {
    if (key.type === 'named' && key.name === 'interrupt') {
      this.#options.onInterrupt('SIGINT');
      return;
    }
    if (key.type === 'named' && key.name === 'suspend') {
      this.#suspends = true;
      return;
    }
    this.#message = undefined;
    this.#isSteered = true;
    if (this.#prompt !== undefined) this.#edit(key, this.#prompt);
    else if (key.type !== 'paste') this.#steer(key.type === 'named' ? key.name : key.character);
  }

  #edit(key: Key, text: string): void {
    if (key.type === 'character') this.#prompt = text + key.character;
    else if (key.type === 'paste') this.#prompt = text + key.text.replace(/\p{Cc}/gu, '');
    else if (key.name === 'backspace') this.#prompt = text === '' ? undefined : Array.from(text).slice(0, -1).join('');
    else if (key.name === 'escape') this.#prompt = undefined;
    else if (key.name === 'enter') {
      this.#prompt = undefined;
      this.#lookFor(text);
    }
  }

  #steer(key: string): void {
    const player = this.#player;
    const now = this.#clock.monotonic();
    if (/^\d$/.test(key)) {
      player.seekTenth(Number(key), now);
      return;
    }
    switch (key) {
      case 'q':
        this.#quits = true;
        return;
      case '?':
        this.#showsHelp = !this.#showsHelp;
        return;
      case 'escape':
        this.#showsHelp = false;
        this.#search?.under.abort();
        return;
      case ' ':
        player.togglePause(now);
        return;
      case '.':
        player.step(1, now);
        return;
      case ',':
        player.step(-1, now);
        return;
      case 'left':
        player.leap(-LEAP_MS, now);
        return;
      case 'right':
        player.leap(LEAP_MS, now);
        return;
      case 'home':
        player.seek(player.range.from.ms, now);
        return;
      case 'end':
        player.seek(player.range.to.ms, now);
        return;
      case '[':
        if (!player.seekIteration(-1, now)) this.#message = 'no iteration before this';
        return;
      case ']':
        if (!player.seekIteration(1, now)) this.#message = 'no iteration after this';
        return;
      case '+':
      case '=':
        player.changeSpeed(1, now);
        return;
      case '-':
        player.changeSpeed(-1, now);
        return;
      case '/':
        this.#prompt = '';
        return;
      case 'n':
        this.#lookOn(nextLine);
        return;
      case 'N':
        this.#lookOn(previousLine);
        return;
      case 'c':
        this.#pan.followCursor();
        return;
      default:
        this.#panBy(key);
    }
  }

  #panBy(key: string): void {
    const [rows, cols] = PANS.get(key) ?? [0, 0];
    if (rows !== 0 || cols !== 0) this.#pan.move(rows * PAN_ROWS, cols * PAN_COLS, this.#window);
  }

  #lookFor(text: string): void {
    if (text === '') return;
    try {
      this.#search?.under.abort();
      this.#search = { pattern: compilePattern({ source: text, flags: '' }), under: new AbortController() };
      this.#lookOn(nextLine);
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error;
      const why = error.fix === undefined ? `is not a regular expression` : `cannot be used: ${error.message}`;
      this.#message = `${printable(text)} ${why}`;
    }
  }

  #lookOn(look: typeof nextLine): void {
    if (this.#search === undefined) {
      this.#message = 'nothing to look for: type / first';
      return;
    }
    const { pattern, under } = this.#search;
    under.abort();
    const search = { pattern, under: new AbortController() };
    this.#search = search;
    this.#message = `looking for ${printable(asWritten(pattern))}; esc cancels`;
    const { signal } = search.under;
    const from = { recording: this.#recording, pattern, signal };
    const around = async (): Promise<FoundLine | undefined> =>
      (await look({ ...from, offset: this.#player.position.offset })) ??
      (await look({ ...from, offset: look === nextLine ? 0 : this.#timeline.end.offset + 1 }));
    around().then(
      (found) => {
        if (this.#search === search) this.#found(found, signal.aborted);
      },
      () => {
        this.#message = 'the recording cannot be read';
        this.#wakeUp();
      },
    );
  }

  #found(found: FoundLine | undefined, wasEnded: boolean): void {
    const now = this.#clock.monotonic();
    this.#message = found !== undefined || wasEnded ? undefined : 'no line matches';
    if (found !== undefined) {
      if (!this.#player.isPaused) this.#player.togglePause(now);
      this.#player.seekOffset(found.endOffset, now);
      this.#move.abort();
    }
    this.#wakeUp();
  }
}

/** Rows and columns, as steps. */
const PANS: ReadonlyMap<string, readonly [rows: number, cols: number]> = new Map([
  ['h', [0, -1]],
  ['j', [1, 0]],
  ['k', [-1, 0]],
  ['l', [0, 1]],
  ['shift-left', [0, -1]],
  ['shift-down', [1, 0]],
  ['shift-up', [-1, 0]],
  ['shift-right', [0, 1]],
]);

function resizeTo({ cols, rows }: TerminalSize): string {
  return `\x1b[8;${rows};${cols}t`;
}
