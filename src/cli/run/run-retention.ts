import { dirname } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { reason } from '../../core/errors.js';
import { nextTurn } from '../../core/async/next-turn.js';
import type { Retention } from '../../core/retention.js';
import { EventLog } from '../../store/events/event-log.js';
import type { PruneStep } from '../../store/prune/prune.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { TaskLog } from '../../store/layout/task-log.js';
import { isSurelyWithin } from '../../store/prune/within-limits.js';
import { counted, formatBytes } from '../../view/print/format.js';

/** The most tasks named in task.log; a thousand would be no line for people. */
const NAMED = 20;

/** Applies the retention of orch.yml beside runs: in small steps between whatever else there is to do, and quietly. */
export class RunRetention {
  readonly #retention: Retention | undefined;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** The tasks of this run, which are spared: their results may still be reported. */
  readonly #own = new Set<string>();
  readonly #isOther: (id: string) => boolean;
  #work: Promise<void> | undefined;

  /** `signal` ends the work early; `isOther`: whether a task may be removed, of one that `begin` has not heard of. */
  constructor(
    retention: Retention | undefined,
    clock: Clock,
    signal: AbortSignal,
    isOther: (id: string) => boolean = () => true,
  ) {
    this.#retention = retention;
    this.#clock = clock;
    this.#signal = signal;
    this.#isOther = isOther;
  }

  /** A task's agent has been started. Where the work for another one is still going on, that has to do. */
  begin(task: TaskFolder): void {
    this.#own.add(task.id);
    if (this.#retention === undefined || this.#work !== undefined) return;
    this.#work = this.#apply(task, this.#retention).finally(() => {
      this.#work = undefined;
    });
  }

  /** Resolves when nothing is left to do; never rejects. */
  async done(): Promise<void> {
    await this.#work;
  }

  async #apply(task: TaskFolder, retention: Retention): Promise<void> {
    await nextTurn();
    using notes = new RetentionNotes(task, this.#clock);
    try {
      const agentDir = dirname(task.path);
      const spared = { has: (id: string): boolean => this.#own.has(id) || !this.#isOther(id) };
      const looking = { now: this.#clock.now(), spared, signal: this.#signal };
      if (await isSurelyWithin(agentDir, retention, looking)) return;
      // Loaded only here: most runs have nothing to remove, and what reads manifests takes longer to load than true(1) to run.
      const { prune } = await import('../../store/prune/prune.js');
      for await (const step of prune(agentDir, retention, { ...looking, dryRun: false })) notes.add(step);
      notes.end();
    } catch (error) {
      notes.failed(error);
    }
  }
}

/** The notes about retention, in the new task only. They are written even if its run has ended meanwhile. */
class RetentionNotes implements Disposable {
  readonly #log: TaskLog;
  readonly #events: EventLog;
  readonly #gone: string[] = [];
  #bytes = 0;

  constructor(task: TaskFolder, clock: Clock) {
    this.#log = new TaskLog(task, clock, () => undefined);
    this.#events = new EventLog(task, clock, () => undefined);
  }

  add(step: PruneStep): void {
    if (step.type === 'passed') return;
    const { what } = step;
    if (step.type === 'failed') {
      this.#log.warn(`retention cannot remove ${what.id}: ${reason(step.error)}`);
      return;
    }
    this.#gone.push(`${what.id} (${what.type === 'task' ? what.why : 'partly removed before'})`);
    this.#bytes += what.bytes;
  }

  end(): void {
    const tasks = this.#gone.length;
    if (tasks === 0) return;
    const more = tasks > NAMED ? ` and ${tasks - NAMED} more` : '';
    const named = this.#gone.slice(0, NAMED).join(', ') + more;
    this.#log.info(`retention removed ${counted(tasks, 'task')}, ${formatBytes(this.#bytes)}: ${named}`);
    this.#events.append({ type: 'prune', tasks, bytes: this.#bytes });
  }

  failed(error: unknown): void {
    this.end();
    this.#log.warn(`retention could not be applied: ${reason(error)}`);
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
    this.#events[Symbol.dispose]();
  }
}
