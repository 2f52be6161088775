import { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.js';
import { keepCollectionsRare } from '../../core/process/small-heap.js';
import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { type TerminalSize, UNKNOWN_SIZE } from '../../core/terminal/size.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import type { Frame } from '../../render/model/frame.js';
import type { AlternateScreen, RenderChunk } from '../../render/model/line.js';
import { type LineBatch, linesOf } from '../../render/model/text-lines.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { openRecording } from '../../formats/open-recording.js';
import { frameToAnsi, frameToHtml, frameToJson, frameToSvg, frameToText } from '../../render/pictures/print-frame.js';
import { type Input, inputBytes, openInput } from '../../view/input/open-input.js';
import { readScriptTiming, type ScriptTiming } from '../../formats/script/script-timing.js';
import { batchesToText, linesToJson } from '../../render/pictures/print-lines.js';
import { screenAtEnd } from '../../view/places/screen-at-end.js';
import { liveTranscriptLines, transcriptBatches } from '../../view/lines/transcript-lines.js';
import type { Command, ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { readCells } from '../options/read-cells.js';
import { altOption, readAlt } from '../options/transcript-options.js';

export const renderCommand: Command = {
  name: 'render',
  summary: 'turn any raw log, typescript or asciicast into clean text',
  usage: '[options] [FILE|-]',
  operands: { min: 0, max: 1 },
  options: [
    {
      flags: '--cols <n>',
      description: `the terminal's width at the start (default: the file's, else ${UNKNOWN_SIZE.cols})`,
    },
    { flags: '--rows <n>', description: `and its height (default: the file's, else ${UNKNOWN_SIZE.rows})` },
    {
      flags: '--timing <file>',
      description: 'the timing file that script(1) wrote with the typescript',
    },
    altOption,
    { flags: '--screen', description: 'print the screen at the end instead of lines' },
    {
      flags: '-o, --output <format>',
      description: 'json: one object a line; html, svg, ansi: the screen (default: text)',
      choices: ['text', 'json', 'html', 'svg', 'ansi'],
    },
  ],
  examples: [
    { line: 'orch render session.cast', does: 'an asciicast, at its own sizes' },
    { line: 'orch render --timing T typescript', does: 'a session of script(1)' },
    { line: 'make 2>&1 | orch render', does: 'any output without its redraws' },
    { line: 'orch render -o svg --cols 100 raw.log', does: 'a picture of the last screen' },
  ],
  run: render,
};

/** Lines of text, or a picture of the screen. */
type Output =
  | {
      readonly type: 'lines';
      readonly print: (batches: readonly LineBatch[]) => readonly (string | Uint8Array)[];
      readonly alt: AlternateScreen;
      readonly links: boolean;
    }
  | { readonly type: 'screen'; readonly print: (frame: Frame) => string; readonly styles: boolean };

async function render(line: ParsedLine, context: CliContext): Promise<number> {
  const output = outputOf(line.options);
  const size = { cols: readCells(line.options, 'cols'), rows: readCells(line.options, 'rows') };
  const timing = await timingOf(line.options);
  const name = line.operands[0] ?? '-';
  const input = name === '-' ? stdinOf(context) : openInput(name);
  using interrupt = interruptOf(context);
  const stop = (): void => {
    input.stream.destroy();
  };
  interrupt.signal.addEventListener('abort', stop);
  let damaged = 0;
  try {
    const bytes = inputBytes(input.stream, name === '-' ? 'stdin' : name);
    const recording = await openRecording(bytes, { onDamage: () => damaged++, timing });
    const { cols = recording.size?.cols, rows = recording.size?.rows } = size;
    const started = { ...recording, size: { cols: cols ?? UNKNOWN_SIZE.cols, rows: rows ?? UNKNOWN_SIZE.rows } };
    keepCollectionsRare();
    const texts = printed(started, output, input.isLive ? context.clock : undefined);
    for await (const text of texts) if (text.length > 0) await context.stdout.write(text);
  } finally {
    stop();
  }
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  if (damaged === 0) return ExitCode.ok;
  await context.stderr.write(`orch: lines of this asciicast are damaged and were left out: ${damaged}\n`);
  return ExitCode.damaged;
}

/** `clock`: for output that may still be being printed. */
async function* printed(
  { chunks, size }: { readonly chunks: AsyncIterable<RenderChunk>; readonly size: TerminalSize },
  output: Output,
  clock: Clock | undefined,
): AsyncGenerator<string | Uint8Array, void, void> {
  if (output.type === 'screen') {
    yield output.print(await screenAtEnd(chunks, { size, styles: output.styles }));
    return;
  }
  const { alt, links } = output;
  if (clock === undefined) {
    for await (const batches of transcriptBatches(chunks, { size, alt, links })) yield* output.print(batches);
    return;
  }
  const live = liveTranscriptLines(chunks, clock, new LiveTranscript(size, { alt, links }));
  for await (const lines of live) yield* output.print([lines]);
}

/** @throws OrchError INPUT_UNREADABLE, TIMING_UNREADABLE */
async function timingOf(options: OptionValues): Promise<ScriptTiming | undefined> {
  const name = options.text('timing');
  return name === undefined ? undefined : readScriptTiming(inputBytes(openInput(name).stream, name));
}

function outputOf(options: OptionValues): Output {
  const format = options.text('output') ?? 'text';
  const picture = PICTURES.get(format);
  if (options.has('screen') || picture !== undefined) {
    const screen = options.has('screen') ? '--screen' : `-o ${format}`;
    if (options.has('alt')) throw errors.badArgument(`${screen} and --alt exclude each other`, 'leave one out');
    const print = picture ?? (format === 'json' ? frameToJson : frameToText);
    return { type: 'screen', print, styles: picture !== undefined || format === 'json' };
  }
  const json = format === 'json';
  const printJson = (batches: readonly LineBatch[]): readonly string[] => [linesToJson(linesOf(batches))];
  return { type: 'lines', print: json ? printJson : batchesToText, alt: readAlt(options), links: json };
}

const PICTURES: ReadonlyMap<string, (frame: Frame) => string> = new Map([
  ['html', (frame: Frame) => frameToHtml(frame)],
  ['svg', frameToSvg],
  ['ansi', frameToAnsi],
]);

/** @throws OrchError BAD_ARGUMENT where it is a terminal: a user who forgot the file would wait for ever */
function stdinOf({ stdin }: CliContext): Input {
  if (stdin.isTTY) throw errors.badArgument('there is nothing to render', 'orch render FILE, or COMMAND | orch render');
  return { stream: pipedInput(stdin.fd) ?? Readable.from([]), isLive: true };
}
