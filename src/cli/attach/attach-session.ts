import type { Clock } from '../../core/clock.js';
import { holdsKeys } from '../../core/terminal/terminal-reports.js';
import { type TerminalSize, UNKNOWN_SIZE } from '../../core/terminal/size.js';
import type { HostClient, HostClientEvents } from '../../host/host-client.js';
import type { HostWord, PlacedBytes } from '../../host/messages.js';
import { untilTerminalIsDone } from '../../record/viewers/finish-view.js';
import type { Screen } from '../../render/screen/screen.js';
import type { DetachKeys } from '../../settings/detach-keys.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { AttachedTerminal } from './attached-terminal.js';
import { DetachKeyReader } from './detach-keys.js';
import { LivePicture } from './live-picture.js';
import { QueryGate } from './query-gate.js';
import type { RecordedScreens } from './recorded-screens.js';

export interface AttachOptions {
  /** Whether this client may write, and whether it does so at once. */
  readonly writing: 'never' | 'when-typed' | 'at-once';
  readonly detachKeys: DetachKeys;
  /** Rows that have scrolled off, to be drawn in front of the first screen. */
  readonly history: number;
  /** What other clients call this one. */
  readonly name: string;
  readonly clock: Clock;
  /** Undefined: the screen is drawn as it is, and then every byte is shown. */
  readonly beginning?: Beginning | undefined;
}

/** How a client begins for whose terminal the agent is started: it writes, and the first byte that it shows is the agent's first. */
export interface Beginning {
  /** Of the agent's terminal. */
  readonly size: TerminalSize;
  /** The agent's terminal follows the size of this one. */
  readonly followsSize: boolean;
  /** Shown in place of bytes that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** What becomes of the agent when this terminal hangs up. */
  readonly onHangup: 'detach' | 'end';
  /** The agent waits for an answer, or has ended. */
  readonly onRing: (text: string) => void;
}

/** How a client came to leave. */
export type AttachEnd =
  | { readonly type: 'detached'; readonly by: 'keys' | 'other' | 'hangup' }
  /** The agent has ended. */
  | { readonly type: 'ended'; readonly code: number; readonly said: string; readonly diedAtStart: boolean }
  /** The host has gone without a word, or what it recorded cannot be read. */
  | { readonly type: 'lost'; readonly error?: Error };

/** To the last row, whatever its number, and one further. */
const BELOW = '\x1b[999;1H\r\n';

/** What the terminal shows. */
type Shown =
  /** Nothing new: the host has been asked where to begin, or the screen there is being read. Bytes that come already are kept. */
  | { readonly type: 'waiting'; readonly kept: PlacedBytes[] }
  /** The bytes as they are: the terminal has the size of the agent's. */
  | { readonly type: 'bytes' }
  /** A picture of the agent's screen, or a piece of one. */
  | { readonly type: 'picture'; readonly picture: LivePicture };

/**
 * A client of a host on the user's terminal: shows what the agent's terminal shows, and then every byte once, or a picture where
 * the sizes differ; types to it what is typed here.
 */
export class AttachSession implements HostClientEvents, Disposable {
  readonly #options: AttachOptions;
  readonly #keys: DetachKeyReader;
  readonly #ended: Promise<AttachEnd>;
  #end: (end: AttachEnd) => void = () => undefined;
  /** Undefined until the host that is started has said it. */
  #task: TaskFolder | undefined;
  #screens: RecordedScreens | undefined;
  #host: HostClient | undefined;
  #terminal: AttachedTerminal | undefined;
  /** Our terminal answers queries from some offset on. */
  readonly #gate: QueryGate;
  #shown: Shown;
  /** Whether `watching` has come for the last `watch`: bytes in front of it are of the one before. */
  #isWatching: boolean;
  /** Every byte was shown as it came until now, and nothing was drawn. */
  #isUndrawn: boolean;
  /** The agent's terminal. */
  #size: TerminalSize | undefined;
  /** The offset of the next byte. */
  #position = 0;
  #writer: { readonly isUs: boolean; readonly name: string | undefined };
  /** Sizes that were asked for and have not been heard of yet. */
  #resizing = 0;
  /** It has asked to write in any case, and has not been granted it yet. */
  #isTaking = false;
  #hasHistory = false;
  #reading: AbortController | undefined;
  #hasHungUp = false;
  #isOver = false;
  /** It leaves by its keys as soon as it knows what it leaves. */
  #isLeaving = false;

  /** `task`: undefined where the host is still to start it, and to say which it is. */
  constructor(task: TaskFolder | undefined, options: AttachOptions) {
    const { beginning, name, detachKeys } = options;
    const isFirst = beginning !== undefined;
    this.#task = task;
    this.#options = options;
    this.#keys = new DetachKeyReader(detachKeys, options.clock);
    this.#shown = isFirst ? { type: 'bytes' } : { type: 'waiting', kept: [] };
    this.#isWatching = this.#isUndrawn = isFirst;
    this.#size = beginning?.size;
    this.#writer = { isUs: isFirst, name: isFirst ? name : undefined };
    this.#gate = new QueryGate(isFirst ? 0 : Infinity, (bytes) => this.#terminal?.write(bytes));
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get task(): TaskFolder | undefined {
    return this.#task;
  }

  /** Takes the terminal over, until this is disposed. Throws PTY_UNAVAILABLE where it cannot. */
  takeTerminal(): void {
    const { clock, beginning } = this.#options;
    this.#terminal = new AttachedTerminal(
      clock,
      {
        onInput: this.#typed,
        onResize: this.#resized,
        onReady: this.#ready,
        onHangUp: this.#hungUp,
      },
      beginning?.size ?? UNKNOWN_SIZE,
    );
  }

  /** Shows the task on the terminal until the agent has ended or the user has had enough; `signal` ends it like a closed window. */
  async run(host: HostClient, signal: AbortSignal): Promise<AttachEnd> {
    const { name, beginning, writing } = this.#options;
    this.#host = host;
    signal.addEventListener('abort', this.#hungUp);
    const size = beginning?.size ?? this.#terminal?.size ?? UNKNOWN_SIZE;
    if (beginning !== undefined) {
      // Heard in front of the agent's first byte: there is nothing to be drawn, and nothing that was answered already.
      host.write('take', size, name);
      host.watch();
      host.answer();
    } else {
      this.#hear();
      this.#watch();
      this.#isTaking = writing === 'at-once';
      if (this.#isTaking) host.write('take', size, name);
    }
    if (signal.aborted) this.#hungUp();
    const end = await this.#ended;
    this.#isOver = true;
    if (end.type !== 'detached' || end.by !== 'hangup') host.leave();
    if (end.type === 'detached' && this.#shown.type === 'bytes') {
      // What comes next on the terminal begins below what was drawn.
      this.#terminal?.rest();
      this.#terminal?.write(BELOW);
    }
    return end;
  }

  onWord(word: HostWord): void {
    switch (word.type) {
      case 'task':
        this.#task = { id: word.id, path: word.folder };
        if (this.#isLeaving) this.#end({ type: 'detached', by: 'keys' });
        return;
      case 'watching':
        if (this.#isUndrawn) this.#begun(word.size);
        else {
          this.#isWatching = true;
          void this.#draw(word);
        }
        return;
      case 'size': {
        const isOurs = this.#resizing > 0 || isSame(word.size, this.#size) || isSame(word.size, this.#terminal?.size);
        this.#resizing = Math.max(0, this.#resizing - 1);
        this.#size = word.size;
        // Of its own size a program draws itself; what others are to see is drawn from the files.
        if (this.#shown.type !== 'bytes' || !isOurs) this.#watch();
        return;
      }
      case 'writer': {
        const wasUs = this.#writer.isUs;
        this.#resizing = word.you ? this.#resizing : 0;
        this.#writer = { isUs: word.you, name: word.name };
        this.#isTaking &&= !word.you;
        if (!wasUs || !word.you) {
          this.#gate.opensAt = Infinity;
          this.#answerWhereShown();
        }
        this.#paintSoon();
        return;
      }
      case 'answers':
        this.#gate.opensAt = word.offset;
        return;
      case 'ring':
        this.#options.beginning?.onRing(word.text);
        return;
      case 'stopped':
        void this.#suspend();
        return;
      case 'detach':
        this.#end({ type: 'detached', by: 'other' });
        return;
      case 'end':
        this.#endWhenShown({
          type: 'ended',
          code: word.code,
          said: word.said,
          diedAtStart: word.diedAtStart ?? false,
        });
        return;
      case 'hello':
      case 'typing':
      case 'sent':
      case 'refused':
      case 'status':
        return;
    }
  }

  onBytes(placed: PlacedBytes): void {
    if (!this.#isWatching) return;
    if (this.#shown.type === 'waiting') {
      this.#shown.kept.push(placed);
      return;
    }
    // The host has left some out, because we were too far behind.
    if (placed.offset !== this.#position && !this.#isMarked(placed.offset)) {
      this.#watch();
      return;
    }
    this.#position = placed.offset + placed.bytes.length;
    if (this.#shown.type === 'bytes') this.#gate.pass(placed);
    else this.#shown.picture.write(placed.bytes);
    this.#hear();
  }

  onClose(): void {
    if (!this.#isOver) this.#endWhenShown({ type: 'lost' });
  }

  [Symbol.dispose](): void {
    this.#reading?.abort();
    this.#forgetPicture();
    this.#screens?.[Symbol.dispose]();
    this.#host?.[Symbol.dispose]();
    this.#terminal?.[Symbol.dispose]();
  }

  /** The agent's terminal has been started with this size; ours may have changed since it was asked. */
  #begun(size: TerminalSize): void {
    this.#size = size;
    const now = this.#terminal?.size ?? size;
    if (this.#options.beginning?.followsSize === true && !isSame(now, size)) this.#resize(now);
  }

  #resize(size: TerminalSize): void {
    this.#resizing += 1;
    this.#host?.resize(size);
  }

  /** Whether what is left out up to an offset is shown as a mark: where nothing was drawn, what follows the mark is as good. */
  #isMarked(offset: number): boolean {
    const { beginning } = this.#options;
    if (!this.#isUndrawn || beginning === undefined) return false;
    this.#terminal?.write(beginning.mark(offset - this.#position));
    return true;
  }

  /** Ends when the terminal has taken all that came, or takes nothing any more. */
  #endWhenShown(end: AttachEnd): void {
    this.#isOver = true;
    if (this.#terminal === undefined) this.#end(end);
    else
      void untilTerminalIsDone(this.#terminal, this.#options.clock).then(() => {
        this.#end(end);
      });
  }

  /** Asks for the screen as it is now, and what comes behind it. */
  #watch(): void {
    this.#reading?.abort();
    this.#isWatching = false;
    this.#forgetPicture();
    this.#isUndrawn = false;
    this.#shown = { type: 'waiting', kept: [] };
    this.#host?.resume();
    this.#host?.watch();
  }

  async #draw({ offset, size, modes }: Extract<HostWord, { type: 'watching' }>): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#host?.pause();
    let screen: Screen;
    let history = '';
    let screens: RecordedScreens;
    try {
      screens = await this.#openScreens();
      screen = await screens.at(offset, reading.signal);
      history = await screens.historyAt(offset, this.#hasHistory ? 0 : this.#options.history, reading.signal);
    } catch (error) {
      if (!reading.signal.aborted) this.#end({ type: 'lost', error: error as Error });
      return;
    }
    if (reading.signal.aborted) {
      screen.dispose();
      return;
    }
    screen.resize(size);
    const kept = this.#shown.type === 'waiting' ? this.#shown.kept : [];
    this.#size = size;
    this.#position = offset;
    this.#terminal?.rest();
    if (this.#terminal === undefined || isSame(size, this.#terminal.size)) {
      this.#terminal?.write(`${history}${screens.drawn(screen, modes)}`);
      screen.dispose();
      this.#hasHistory = true;
      this.#gate.restart();
      this.#shown = { type: 'bytes' };
      this.#answerWhereShown();
    } else {
      const display = screens.display(this.#terminal);
      const status = (clipped: string | undefined): string => this.#status(clipped);
      this.#shown = { type: 'picture', picture: new LivePicture(screen, display, this.#options.clock, status) };
    }
    for (const placed of kept) this.onBytes(placed);
    this.#hear();
  }

  async #openScreens(): Promise<RecordedScreens> {
    const { RecordedScreens } = await import('./recorded-screens.js');
    if (this.#task === undefined) throw new Error('a host has not said what its task is');
    return (this.#screens ??= new RecordedScreens(this.#task));
  }

  #answerWhereShown(): void {
    if (this.#writer.isUs && this.#shown.type === 'bytes') this.#host?.answer();
  }

  /** Takes no more from the host than the terminal does. */
  #hear(): void {
    if (this.#shown.type === 'bytes' && this.#terminal?.isReady === false) this.#host?.pause();
    else if (this.#shown.type !== 'waiting' || !this.#isWatching) this.#host?.resume();
  }

  readonly #ready = (): void => {
    if (this.#shown.type === 'bytes') this.#hear();
    else this.#paintSoon();
  };

  readonly #hungUp = (): void => {
    if (this.#options.beginning?.onHangup !== 'end') this.#end({ type: 'detached', by: 'hangup' });
    else if (!this.#hasHungUp) this.#host?.signal('SIGHUP');
    this.#hasHungUp = true;
  };

  readonly #resized = (size: TerminalSize): void => {
    const isFixed = this.#options.beginning?.followsSize === false;
    if (this.#writer.isUs && !isFixed) this.#resize(size);
    else if (!this.#isUndrawn) this.#watch();
  };

  readonly #typed = (bytes: Uint8Array): boolean => {
    const { typed, detaches } = this.#keys.read(bytes);
    const goesOn = typed.length === 0 || this.#type(typed);
    if (detaches && this.#task === undefined) this.#isLeaving = true;
    else if (detaches) this.#end({ type: 'detached', by: 'keys' });
    return goesOn;
  };

  #type(bytes: Uint8Array): boolean {
    if (!this.#writer.isUs && !this.#isTaking && !this.#asksToWrite(bytes)) return true;
    return (
      this.#host?.type(bytes, () => {
        this.#terminal?.resumeInput();
      }) ?? true
    );
  }

  /** The first to type where no client writes asks to; what a terminal sends by itself is no reason. */
  #asksToWrite(bytes: Uint8Array): boolean {
    if (!holdsKeys(bytes)) return false;
    if (this.#options.writing === 'never' || this.#writer.name !== undefined) {
      this.#terminal?.write('\x07');
      return false;
    }
    const { beginning, name } = this.#options;
    const size = beginning?.followsSize === false ? beginning.size : this.#terminal?.size;
    if (size !== undefined) this.#host?.write('if-free', size, name);
    return true;
  }

  /** Stops with the agent, until a shell has it go on, and the agent with it. */
  async #suspend(): Promise<void> {
    const isDrawn = this.#shown.type !== 'bytes' || this.#terminal?.hasModes === true;
    await this.#terminal?.suspend();
    this.#host?.goOn();
    // A shell has written to the terminal since; below plain lines the next goes on.
    if (isDrawn) this.#watch();
  }

  #paintSoon(): void {
    if (this.#shown.type === 'picture') this.#shown.picture.paintSoon();
  }

  #status(clipped: string | undefined): string {
    const { cols = 0, rows = 0 } = this.#size ?? {};
    const items = [
      this.#task?.id ?? '',
      clipped ?? `${cols}x${rows}`,
      this.#writer.name === undefined ? 'no one writes' : `${this.#writer.name} writes`,
      this.#options.writing === 'never' ? 'read-only' : 'typing gives it this size',
    ];
    return ` ${(this.#writer.name === undefined ? items : items.slice(0, 3)).join('  ')}`;
  }

  #forgetPicture(): void {
    if (this.#shown.type === 'picture') this.#shown.picture[Symbol.dispose]();
  }
}

function isSame(one: TerminalSize, other: TerminalSize | undefined): boolean {
  return one.cols === other?.cols && one.rows === other.rows;
}
