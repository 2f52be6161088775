import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { inForeground } from '../../pty/process/foreground.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listSegments } from '../../store/log/segments.js';
import { readTask } from '../../store/task/task-reader.js';
import { missingRanges } from '../../view/lines/missing-range.js';
import { type Place, resolvePlace } from '../../view/places/place.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import type { MomentsOptions } from '../../view/replay/moments.js';
import { type Position, RecordedTimeline, START } from '../../view/replay/timeline.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext, CliSignal } from '../options/context.js';
import { type EndingSignals, endingSignals } from '../output/ending-signals.js';
import { problemsOf, noteMissing } from '../output/recording-problems.js';
import { type ReplayRequest, replayOptions, replayRequest } from './replay-options.js';

export const replayCommand: Command = {
  name: 'replay',
  summary: 'play a recording at its own pace, with keys to steer it',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [...replayOptions, agentDirOption],
  examples: [
    { line: 'orch replay', does: 'the newest task; ? shows the keys' },
    { line: 'orch replay nightly --speed 4', does: 'four times as fast' },
    { line: "orch replay --from '#3'", does: 'from the third iteration on' },
    { line: 'orch replay --from /error/i', does: 'from the first line that matches on' },
    { line: 'orch replay -f', does: 'a running task, live, and back in it' },
    { line: 'orch replay --screen --at 1m30s', does: 'the screen then, as text' },
  ],
  run: replay,
};

type Play = ReplayRequest & { readonly type: 'play' };

async function replay(line: ParsedLine, context: CliContext): Promise<number> {
  const request = replayRequest(line.options);
  const task = resolveTask(findAgentDir(agentDirQuery(line, context)), line.operands[0] ?? 'latest');
  if (request.type === 'screen') {
    const { printScreen } = await import('../output/print-screen.js');
    return printScreen(task, request.at, context);
  }
  if (listSegments(task.path).length === 0) throw errors.logMissing(task.path);
  using signals = endingSignals(context);
  using recording = new RecordedTask(readTask(task));
  try {
    const options = await momentsOptions(request, recording, signals, context);
    const seenTo = await play(recording, options, { request, signals }, context);
    if (signals.exitCode !== undefined) return signals.exitCode;
    return await tellProblems(recording, { from: options.from.offset, end: seenTo }, context);
  } catch (error) {
    if (signals.exitCode !== undefined) return signals.exitCode;
    throw error;
  }
}

async function momentsOptions(
  request: Play,
  recording: RecordedTask,
  { signal }: EndingSignals,
  { clock }: CliContext,
): Promise<MomentsOptions> {
  const timeline = new RecordedTimeline(recording, clock);
  const positionOf = async (place: Place, edge: 'offset' | 'endOffset'): Promise<Position> => {
    const resolved = await resolvePlace(place, recording, signal);
    return place.type === 'elapsed' || place.type === 'time'
      ? timeline.at(resolved.ms)
      : timeline.atOffset(resolved[edge]);
  };
  const { speed, idleLimitMs, loop, follow } = request;
  const from = request.from === undefined ? START : await positionOf(request.from, 'offset');
  const to = request.to === undefined ? undefined : await positionOf(request.to, 'endOffset');
  if (to !== undefined && (to.offset < from.offset || to.ms < from.ms))
    throw errors.badArgument('--to lies in front of --from', 'exchange them');
  const following = !follow ? 'no' : request.from === undefined ? 'from-now' : 'at-end';
  return { speed, idleLimitMs, from, to, loop, follow: following, clock, signal };
}

/** Returns the offset up to which anything was shown. */
async function play(
  recording: RecordedTask,
  options: MomentsOptions,
  { request, signals }: { readonly request: Play; readonly signals: EndingSignals },
  { stdin, stdout, env }: CliContext,
): Promise<number> {
  // Keys come from a terminal, and the picture goes to one.
  const isAttended = stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && !request.clean && inForeground();
  if (isAttended) {
    const { playOnTerminal } = await import('../../view/replay/session.js');
    const onInterrupt = (signal: CliSignal): void => {
      signals.end(signal);
    };
    return playOnTerminal(recording, { ...options, fit: request.fit, onInterrupt });
  }
  const { timedBytes, timedLines } = await import('../../view/replay/timed-output.js');
  if (request.clean) {
    for await (const lines of timedLines(recording, options))
      if (lines.length > 0) await stdout.write(lines.map(({ text }) => `${text}\n`).join(''));
  } else {
    for await (const bytes of timedBytes(recording, options)) if (bytes.length > 0) await stdout.write(bytes);
  }
  return Infinity;
}

/** Prints the missing ranges of what was shown, and the problems of the recording. */
async function tellProblems(
  recording: RecordedTask,
  shown: { readonly from: number; readonly end: number },
  context: CliContext,
): Promise<number> {
  const { entry } = recording;
  const end = Math.min(shown.end, entry.type === 'task' ? entry.bytes : 0);
  const range = { from: shown.from, end, removedTo: recording.removedTo };
  const problems = problemsOf(recording);
  for (const missing of missingRanges(listSegments(entry.folder.path), range)) noteMissing(missing, problems, context);
  for (const problem of problems) await context.stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}
