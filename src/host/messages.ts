import { type Guard, isCount, isFlag, isListOf, isOneOf, isText, isVariantOf, maybe } from '../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../core/terminal/size.js';

/** The version of the messages below. One that is not compatible with the one before has the next number. */
export const PROTOCOL = 1;

/** The largest frame that either end takes, bytes; a larger one ends the connection. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** The first word of either end: what it speaks. Its keys are the same in every version of the protocol. */
interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  /** The version of orch. */
  readonly orch: string;
}

/** What a host says to a client, besides bytes. */
export type HostWord =
  | Hello
  /**
   * The answer to `watch`: the client draws the screen as it was at `offset`, from the files of the task, and gets all bytes from
   * there on. The agent's terminal has this size; `modes` are the sequences that set what a screen does not show.
   */
  | { readonly type: 'watching'; readonly offset: number; readonly size: TerminalSize; readonly modes: string }
  /** The agent's terminal has another size, from `offset` on. */
  | { readonly type: 'size'; readonly offset: number; readonly size: TerminalSize }
  /** Who writes from now on; no name: no client does. */
  | { readonly type: 'writer'; readonly you: boolean; readonly name?: string | undefined }
  /** Queries that end behind `offset` are answered by your terminal; the others are not to reach it. */
  | { readonly type: 'answers'; readonly offset: number }
  /** What the client has sent is being typed: from now on it will be whole. */
  | { readonly type: 'typing' }
  /** All that the client has sent has reached the agent's terminal: at this offset, and with this many changes of the status so far. */
  | { readonly type: 'sent'; readonly offset: number; readonly changes: number }
  /** Nothing of what the client has sent is typed. `detail`: of the reason, where there is more to say. */
  | { readonly type: 'refused'; readonly reason: string; readonly detail?: string | undefined }
  /** The agent has had this status for a second; it has changed this often so far. */
  | { readonly type: 'status'; readonly status: string; readonly changes: number }
  /** Ctrl-Z from this client has stopped the agent, until the client says `continue` or goes: it is to stop itself. */
  | { readonly type: 'stopped' }
  /** The client is asked to leave. */
  | { readonly type: 'detach' }
  /** What the client that has started this host is connected to: the id of the task, and its folder. */
  | { readonly type: 'task'; readonly id: string; readonly folder: string }
  /** The person before the terminal is to look: the agent waits for an answer, or has ended. */
  | { readonly type: 'ring'; readonly text: string }
  /**
   * The agent has ended: the exit code of the run, and the line for people; `diedAtStart`: it failed before it said that it does
   * anything. Nothing follows.
   */
  | { readonly type: 'end'; readonly code: number; readonly said: string; readonly diedAtStart?: boolean | undefined };

/** The signals that a client passes on. */
export type PassedSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT';

/** What a client says to a host, besides what is typed. */
export type ClientWord =
  | Hello
  /** Sends bytes; asked again, it begins again with another `watching`. */
  | { readonly type: 'watch' }
  /** Wants to write: where no one does, or in the place of who does. The agent's terminal takes on this size. `name`: of the client. */
  | { readonly type: 'write'; readonly how: 'if-free' | 'take'; readonly size: TerminalSize; readonly name: string }
  /** The writer's terminal has another size. */
  | { readonly type: 'resize'; readonly size: TerminalSize }
  /** The writer's terminal gets the bytes as they are, and can answer queries. */
  | { readonly type: 'answer' }
  /** A piece of a text that is to be sent; its end comes with `send`. */
  | { readonly type: 'text'; readonly text: string }
  | SendWord
  /** Asks every other client to leave. */
  | { readonly type: 'detach-others' }
  /** It leaves on purpose: what follows is no hangup. */
  | { readonly type: 'leave' }
  /** A signal that was sent to the client is meant for the agent. */
  | { readonly type: 'signal'; readonly signal: PassedSignal }
  /** The agent that it has stopped goes on. */
  | { readonly type: 'continue' }
  /** Ends the agent, as SIGTERM to its recorder would. */
  | { readonly type: 'stop' };

/**
 * Sends a text and keys to the agent, whole, and with nothing else in between; answered by `typing` and `sent`, or by `refused`. A
 * client that writes another way goes on to.
 */
export interface SendWord {
  readonly type: 'send';
  /** Behind the pieces that have come by `text`. */
  readonly text: string;
  /** Pressed behind the text, by the names of docs/detach-attach.md. */
  readonly keys: readonly string[];
  /** It is typed only where the agent waits for an answer, else only where it does not. */
  readonly answer: boolean;
  /** Of the client, for people. */
  readonly name: string;
}

const hello = { protocol: isCount, orch: isText };
const isHostWord: Guard<HostWord> = isVariantOf<HostWord>({
  hello,
  watching: { offset: isCount, size: isTerminalSize, modes: isText },
  size: { offset: isCount, size: isTerminalSize },
  writer: { you: isFlag, name: maybe(isText) },
  answers: { offset: isCount },
  typing: {},
  sent: { offset: isCount, changes: isCount },
  refused: { reason: isText, detail: maybe(isText) },
  status: { status: isText, changes: isCount },
  stopped: {},
  detach: {},
  task: { id: isText, folder: isText },
  ring: { text: isText },
  end: { code: isCount, said: isText, diedAtStart: maybe(isFlag) },
});
const isClientWord: Guard<ClientWord> = isVariantOf<ClientWord>({
  hello,
  watch: {},
  write: { how: isOneOf('if-free', 'take'), size: isTerminalSize, name: isText },
  resize: { size: isTerminalSize },
  answer: {},
  text: { text: isText },
  send: { text: isText, keys: isListOf(isText), answer: isFlag, name: isText },
  'detach-others': {},
  leave: {},
  signal: { signal: isOneOf<PassedSignal>('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT') },
  continue: {},
  stop: {},
});

/** A word as a text frame. */
export function wordFrame(word: HostWord | ClientWord): string {
  return JSON.stringify(word);
}

/** The word in a text frame of a host; undefined where it is none that this version knows. */
export function readHostWord(frame: string): HostWord | undefined {
  return read(frame, isHostWord);
}

/** The same of a client. */
export function readClientWord(frame: string): ClientWord | undefined {
  return read(frame, isClientWord);
}

/** Bytes in front of those of the recording. */
const OFFSET_BYTES = 8;

/** Bytes of the recording that begin at an absolute offset. */
export interface PlacedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Bytes of the recording as a binary frame: the offset, big-endian, then the bytes, which are copied. */
export function bytesFrame({ offset, bytes }: PlacedBytes): Uint8Array {
  const frame = Buffer.allocUnsafe(OFFSET_BYTES + bytes.length);
  frame.writeBigUInt64BE(BigInt(offset));
  frame.set(bytes, OFFSET_BYTES);
  return frame;
}

/** What a binary frame of a host holds; undefined where it is none. */
export function readBytesFrame(frame: Uint8Array): PlacedBytes | undefined {
  if (frame.length < OFFSET_BYTES) return undefined;
  const offset = Number(Buffer.from(frame.buffer, frame.byteOffset, OFFSET_BYTES).readBigUInt64BE());
  return Number.isSafeInteger(offset) ? { offset, bytes: frame.subarray(OFFSET_BYTES) } : undefined;
}

function read<Word>(frame: string, isWord: Guard<Word>): Word | undefined {
  try {
    const value: unknown = JSON.parse(frame);
    return isWord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
