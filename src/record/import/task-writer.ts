import { closeSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_VERSION, type Gap, type TaskEvent } from '../../core/events.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { TimedChunk } from '../../formats/model/timed-recording.js';
import { EVENTS_FILE } from '../../store/events/event-log.js';
import { LineFile } from '../../store/files/line-file.js';
import { openForAppend } from '../../store/files/private-file.js';
import { type RecordingDigest, RecordingHash } from '../../store/log/recording-hash.js';
import { LOG_NAME, sealedLogName } from '../../store/log/segment-names.js';
import { INDEX_FILE, INDEX_VERSION, type IndexEntry, type IndexHeader } from '../../store/times/time-index.js';

/** The facts known before the first byte. */
export interface TaskBeginning {
  /** The task's id, as its events have it. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly size: TerminalSize;
  /** Wall time of millisecond 0, in milliseconds of Unix time. */
  readonly started: number;
}

/** The written task. */
export interface WrittenTask {
  readonly bytes: number;
  readonly digest: RecordingDigest;
  readonly gaps: readonly Gap[];
  /** Whole milliseconds from the start to the end. */
  readonly ms: number;
  readonly exit: { readonly code: number; readonly signal: number } | undefined;
}

/** Writes a past recording into a folder as a recorder would have, without the manifest. Throws the system's error. */
export class TaskWriter implements Disposable {
  readonly #folder: string;
  readonly #beginning: TaskBeginning;
  readonly #index: Lines;
  readonly #events: Lines;
  readonly #hash = new RecordingHash();
  readonly #gaps: Gap[] = [];
  #log: number;
  /** Where backend.log begins. */
  #logStart = 0;
  #offset = 0;
  #ms = 0;
  /** The time of output that is not in the index yet. */
  #group: number | undefined;
  #iteration: { readonly number: number; readonly ms: number } | undefined;
  #exit: WrittenTask['exit'];

  constructor(folder: string, beginning: TaskBeginning) {
    this.#folder = folder;
    this.#beginning = beginning;
    this.#log = openForAppend(join(folder, LOG_NAME));
    this.#index = new Lines(join(folder, INDEX_FILE));
    this.#events = new Lines(join(folder, EVENTS_FILE));
    const header: IndexHeader = {
      v: INDEX_VERSION,
      start: new Date(beginning.started).toISOString(),
      size: beginning.size,
    };
    this.#index.add(JSON.stringify(header));
    this.#event({ type: 'task.start', argv: beginning.argv, ...beginning.size });
  }

  write(chunk: TimedChunk): void {
    const ms = Math.min(Math.round(chunk.ms), MAX_MS);
    if (ms !== this.#ms) this.#endGroup();
    this.#ms = ms;
    switch (chunk.type) {
      case 'output':
        this.#output(chunk.bytes);
        return;
      case 'resize':
        this.#endGroup();
        this.#entry([ms, 'r', this.#offset, chunk.cols, chunk.rows]);
        this.#event({ type: 'resize', cols: chunk.cols, rows: chunk.rows, offset: this.#offset });
        return;
      case 'iteration':
        this.#endIteration();
        this.#iteration = { number: chunk.iteration, ms };
        this.#event({ type: 'iteration.start', iteration: chunk.iteration, offset: this.#offset });
        return;
      case 'missing':
        this.#missing(chunk.bytes);
        return;
      case 'exit':
        this.#exit = { code: chunk.code, signal: chunk.signal };
        return;
    }
  }

  /** Ends the recording. */
  end(): WrittenTask {
    this.#endGroup();
    this.#endIteration();
    const bytes = this.#offset;
    const exit = this.#exit;
    if (exit !== undefined)
      this.#event({ type: 'task.end', bytes, durationMs: this.#ms, exitCode: exit.code, signal: exit.signal });
    this.#index.end();
    this.#events.end();
    return { bytes, digest: this.#hash.digest(), gaps: this.#gaps, ms: this.#ms, exit };
  }

  [Symbol.dispose](): void {
    closeSync(this.#log);
    this.#index[Symbol.dispose]();
    this.#events[Symbol.dispose]();
  }

  #output(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    for (let left = bytes; left.length > 0; ) left = left.subarray(writeSync(this.#log, left));
    this.#hash.update(bytes);
    this.#offset += bytes.length;
    this.#group = this.#ms;
  }

  /** As after a failed write: the recording goes on in a new segment. */
  #missing(bytes: number): void {
    if (bytes === 0) return;
    this.#endGroup();
    const path = join(this.#folder, LOG_NAME);
    const gap = { offset: this.#offset, bytes, reason: 'missing in what was imported' };
    closeSync(this.#log);
    if (this.#offset > this.#logStart) {
      renameSync(path, join(this.#folder, sealedLogName(this.#logStart)));
      this.#hash.endSegment();
    } else rmSync(path);
    this.#log = openForAppend(path);
    this.#offset += bytes;
    this.#logStart = this.#offset;
    this.#gaps.push(gap);
    this.#event({ type: 'gap', ...gap });
    this.#event({ type: 'rotate', offset: this.#offset, reason: gap.reason });
    this.#entry([this.#ms, 'o', this.#offset]);
  }

  #endGroup(): void {
    if (this.#group !== undefined) this.#entry([this.#group, 'o', this.#offset]);
    this.#group = undefined;
  }

  #endIteration(): void {
    if (this.#iteration === undefined) return;
    const { number: iteration, ms } = this.#iteration;
    const { code: exitCode, signal } = this.#exit ?? { code: 0, signal: 0 };
    const said = { verdict: 'unfinished', reason: 'imported: how it ended is not known', exitCode, signal } as const;
    this.#event({ type: 'iteration.end', iteration, offset: this.#offset, durationMs: this.#ms - ms, ...said });
    this.#iteration = undefined;
  }

  #entry(entry: IndexEntry): void {
    this.#index.add(JSON.stringify(entry));
  }

  #event(event: TaskEvent): void {
    const ts = new Date(this.#beginning.started + this.#ms).toISOString();
    this.#events.add(JSON.stringify({ v: EVENT_VERSION, ts, task: this.#beginning.id, ...event }));
  }
}

/** Some thirty years: a longer recording is damaged, and its dates could not be represented. */
const MAX_MS = 1e12;
/** Lines written by one write(2). */
const LINES_A_WRITE = 1000;

/** A file of lines, written in batches; a failure throws. */
class Lines implements Disposable {
  readonly #file: LineFile;
  #waiting: string[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(path: string) {
    this.#file = new LineFile(path, (error) => {
      this.#failure = { error };
    });
  }

  add(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length >= LINES_A_WRITE) this.end();
  }

  /** Writes the pending lines, and closes the file. */
  end(): void {
    if (this.#waiting.length > 0) this.#file.append(...this.#waiting);
    this.#waiting = [];
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
