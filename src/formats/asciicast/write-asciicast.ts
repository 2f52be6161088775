import { shellExitCode } from '../../core/exit-status.js';
import { replacedBytes, type TextChunk, wholeCharacters } from '../model/whole-characters.js';
import type { WrittenRecording } from '../model/written-recording.js';
import { type AsciicastEvent, eventLine, iterationLabel } from './asciicast-event.js';
import { asciicastHeaderLine } from './asciicast-header.js';

export interface AsciicastOptions {
  /** Called with the number of bytes that are no UTF-8, and were replaced by U+FFFD; may be called often. */
  readonly onReplaced: (bytes: number) => void;
}

/** asciicast version 2 (https://docs.asciinema.org/manual/asciicast/v2/): times count from the start. */
export async function* writeAsciicast2(
  recording: WrittenRecording,
  options: AsciicastOptions,
): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(`${asciicastHeaderLine(2, recording)}\n`);
  for await (const chunk of wholeCharacters(recording.chunks())) {
    // Version 2 has nothing for how the agent ended.
    const event = chunk.type === 'exit' ? undefined : eventOf(chunk, chunk.ms, options);
    if (event !== undefined) yield eventLine(event);
  }
}

/** Version 3 (https://docs.asciinema.org/manual/asciicast/v3/): each time counts from the event before. */
export async function* writeAsciicast3(
  recording: WrittenRecording,
  options: AsciicastOptions,
): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(`${asciicastHeaderLine(3, recording)}\n`);
  let last = 0;
  for await (const chunk of wholeCharacters(recording.chunks())) {
    const event = eventOf(chunk, chunk.ms - last, options);
    if (event === undefined) continue;
    last = chunk.ms;
    yield eventLine(event);
  }
}

/** Undefined for what the format has nothing for. */
function eventOf(chunk: TextChunk, ms: number, { onReplaced }: AsciicastOptions): AsciicastEvent | undefined {
  const time = ms / 1000;
  switch (chunk.type) {
    case 'output':
      if (chunk.text !== chunk.bytes) onReplaced(replacedBytes(chunk));
      return { type: 'output', time, bytes: chunk.text };
    case 'redraw':
      return { type: 'output', time, bytes: chunk.text };
    case 'resize':
      return { type: 'resize', time, cols: chunk.cols, rows: chunk.rows };
    case 'iteration':
      return { type: 'marker', time, label: iterationLabel(chunk.iteration) };
    case 'exit':
      return { type: 'exit', time, code: shellExitCode({ exitCode: chunk.code, signal: chunk.signal }) };
    case 'missing':
      return undefined;
  }
}
