import type { Clock, Timer } from '../../core/clock.js';
import { holdsKeys } from '../../core/terminal/terminal-reports.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { HostClient, HostClientEvents } from '../../host/host-client.js';
import type { HostWord, PlacedBytes } from '../../host/messages.js';
import { DeafSink } from '../../pty/terminal/deaf-sink.js';
import type { Screen } from '../../render/screen/screen.js';
import type { RecordedTask } from '../../view/lines/recorded-task.js';
import { drawScreen } from '../../view/places/draw-screen.js';
import { screenAt } from '../../view/places/screen-at.js';
import { scrolledOff } from '../../view/places/scrolled-off.js';
import { Display } from '../../view/replay/display.js';
import { AttachedTerminal } from './attached-terminal.js';
import { DetachKeyReader, type DetachKeys } from './detach-keys.js';

export interface AttachOptions {
  /** Whether this client may write, and whether it does so at once. */
  readonly writing: 'never' | 'when-typed' | 'at-once';
  readonly detachKeys: DetachKeys;
  /** Rows that have scrolled off, to be drawn in front of the first screen. */
  readonly history: number;
  /** What other clients call this one. */
  readonly name: string;
  readonly clock: Clock;
}

/** How a client came to leave. */
export type AttachEnd =
  | { readonly type: 'detached'; readonly by: 'keys' | 'other' | 'hangup' }
  /** The agent has ended. */
  | { readonly type: 'ended'; readonly code: number; readonly said: string }
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
  | { readonly type: 'picture'; readonly screen: Screen };

/**
 * A client of a host on the user's terminal: shows what the agent's terminal shows, and then every byte once, or a picture where
 * the sizes differ; types to it what is typed here.
 */
export class AttachSession implements HostClientEvents, Disposable {
  readonly #recording: RecordedTask;
  readonly #options: AttachOptions;
  readonly #keys: DetachKeyReader;
  readonly #ended: Promise<AttachEnd>;
  #end: (end: AttachEnd) => void = () => undefined;
  #host: HostClient | undefined;
  #terminal: AttachedTerminal | undefined;
  #display: Display | undefined;
  #deaf: DeafSink | undefined;
  #shown: Shown = { type: 'waiting', kept: [] };
  /** Whether `watching` has come for the last `watch`: bytes in front of it are of the one before. */
  #isWatching = false;
  /** The agent's terminal. */
  #size: TerminalSize | undefined;
  /** The offset of the next byte. */
  #position = 0;
  #writer: { readonly isUs: boolean; readonly name: string | undefined } = { isUs: false, name: undefined };
  /** It has asked to write in any case, and has not been granted it yet. */
  #isTaking = false;
  /** Behind this offset our terminal answers queries. */
  #answersFrom = Infinity;
  #hasHistory = false;
  #painting: Timer | undefined;
  #reading: AbortController | undefined;
  #said: AttachEnd | undefined;

  constructor(recording: RecordedTask, options: AttachOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#keys = new DetachKeyReader(options.detachKeys);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Takes the terminal over, until the agent has ended or the user has had enough; `signal` ends it like a closed window. */
  async run(host: HostClient, signal: AbortSignal): Promise<AttachEnd> {
    this.#host = host;
    const hungUp = (): void => {
      this.#end({ type: 'detached', by: 'hangup' });
    };
    signal.addEventListener('abort', hungUp);
    const terminal = new AttachedTerminal(this.#options.clock, {
      onInput: this.#typed,
      onResize: this.#resized,
      onReady: this.#ready,
      onHangUp: hungUp,
    });
    this.#terminal = terminal;
    this.#display = new Display(terminal);
    this.#hear();
    this.#watch();
    if (this.#options.writing === 'at-once') {
      this.#isTaking = true;
      host.write('take', terminal.size, this.#options.name);
    }
    if (signal.aborted) hungUp();
    const end = await this.#ended;
    if (end.type === 'detached' && this.#shown.type === 'bytes') {
      // What comes next on the terminal begins below what was drawn.
      terminal.rest();
      terminal.write(BELOW);
    }
    return end;
  }

  onWord(word: HostWord): void {
    switch (word.type) {
      case 'watching':
        this.#isWatching = true;
        void this.#draw(word);
        return;
      case 'size':
        this.#size = word.size;
        // Of its own size a program draws itself; what others are to see is drawn from the files.
        if (this.#shown.type !== 'bytes' || !this.#fits) this.#watch();
        return;
      case 'writer':
        this.#writer = { isUs: word.you, name: word.name };
        this.#isTaking &&= !word.you;
        this.#answersFrom = Infinity;
        this.#answerWhereShown();
        this.#paintSoon();
        return;
      case 'answers':
        this.#answersFrom = word.offset;
        return;
      case 'detach':
        this.#end({ type: 'detached', by: 'other' });
        return;
      case 'end':
        this.#said = { type: 'ended', code: word.code, said: word.said };
        this.#ready();
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
    // The host has left some out, because we were too far behind: we draw the screen as it is now.
    if (placed.offset !== this.#position) {
      this.#watch();
      return;
    }
    this.#position += placed.bytes.length;
    if (this.#shown.type === 'bytes') this.#pass(placed);
    else {
      this.#shown.screen.write(placed.bytes);
      this.#paintSoon();
    }
    this.#hear();
  }

  onClose(): void {
    if (this.#said === undefined) this.#end({ type: 'lost' });
  }

  [Symbol.dispose](): void {
    this.#reading?.abort();
    this.#painting?.cancel();
    this.#forgetPicture();
    this.#terminal?.[Symbol.dispose]();
    this.#host?.[Symbol.dispose]();
  }

  /** The terminal has the size of the agent's. */
  get #fits(): boolean {
    const size = this.#terminal?.size;
    return size?.cols === this.#size?.cols && size?.rows === this.#size?.rows;
  }

  /** Asks for the screen as it is now, and what comes behind it. */
  #watch(): void {
    this.#reading?.abort();
    this.#isWatching = false;
    this.#forgetPicture();
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
    try {
      screen = await screenAt(this.#recording, { to: offset, styles: true, signal: reading.signal });
      history = await this.#historyAt(offset, reading.signal);
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
    if (this.#fits) {
      this.#terminal?.write(`${history}${drawScreen(screen, modes)}`);
      this.#hasHistory = true;
      this.#deaf = this.#newDeaf();
      this.#shown = { type: 'bytes' };
      this.#answerWhereShown();
    } else {
      this.#display?.forget();
      this.#shown = { type: 'picture', screen };
      this.#paintSoon();
    }
    for (const placed of kept) this.onBytes(placed);
    this.#hear();
  }

  #historyAt(to: number, signal: AbortSignal): Promise<string> {
    const count = this.#hasHistory ? 0 : this.#options.history;
    return scrolledOff(this.#recording, { to, count, signal });
  }

  /** Queries in front of the place from which on our terminal answers do not reach it. */
  #pass({ offset, bytes }: PlacedBytes): void {
    const withheld = Math.min(Math.max(0, this.#answersFrom - offset), bytes.length);
    if (withheld > 0) this.#deaf?.write(bytes.subarray(0, withheld));
    if (withheld === bytes.length) return;
    // What is held back may be the beginning of a query that ends behind that place.
    this.#terminal?.write(this.#deaf?.release() ?? new Uint8Array(0));
    this.#terminal?.write(bytes.subarray(withheld));
  }

  #newDeaf(): DeafSink {
    return new DeafSink({
      write: (bytes) => {
        this.#terminal?.write(Uint8Array.from(bytes));
        return bytes.length;
      },
      whenWritable: (run) => {
        run();
      },
      flush: () => Promise.resolve(),
      [Symbol.dispose]: () => undefined,
    });
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
    if (this.#said !== undefined && this.#terminal?.isReady !== false) this.#end(this.#said);
    else this.#paintSoon();
  };

  readonly #resized = (size: TerminalSize): void => {
    if (this.#writer.isUs) this.#host?.resize(size);
    else this.#watch();
  };

  readonly #typed = (bytes: Uint8Array): boolean => {
    const { typed, detaches } = this.#keys.read(bytes);
    const goesOn = typed.length === 0 || this.#type(typed);
    if (detaches) this.#end({ type: 'detached', by: 'keys' });
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
    if (this.#terminal !== undefined) this.#host?.write('if-free', this.#terminal.size, this.#options.name);
    return true;
  }

  #paintSoon(): void {
    if (this.#shown.type !== 'picture' || this.#display === undefined || this.#painting !== undefined) return;
    const { clock } = this.#options;
    this.#display.postpone();
    this.#painting = clock.after(Math.max(0, this.#display.paintAt - clock.monotonic()), () => {
      this.#painting = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    if (this.#shown.type !== 'picture') return;
    const status = (clipped: string | undefined): string => this.#status(clipped);
    const view = { screen: this.#shown.screen, showsHelp: false, prompt: undefined, status };
    this.#display?.paint(view, this.#options.clock.monotonic(), true);
  }

  #status(clipped: string | undefined): string {
    const { entry } = this.#recording;
    const { cols = 0, rows = 0 } = this.#size ?? {};
    const items = [
      entry.folder.id,
      clipped ?? `${cols}x${rows}`,
      this.#writer.name === undefined ? 'no one writes' : `${this.#writer.name} writes`,
      this.#options.writing === 'never' ? 'read-only' : 'typing gives it this size',
    ];
    return ` ${(this.#writer.name === undefined ? items : items.slice(0, 3)).join('  ')}`;
  }

  #forgetPicture(): void {
    if (this.#shown.type === 'picture') this.#shown.screen.dispose();
  }
}
