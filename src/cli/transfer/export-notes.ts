import type { ExportFormat } from '../../view/export/export-format.js';
import { type MissingRange, missingRangeText } from '../../view/lines/missing-range.js';
import type { RecordedTask } from '../../view/lines/recorded-task.js';
import { failureLine } from '../output/report-failure.js';

/** The notes printed after an export: the ways in which it differs from what was printed. */
export class ExportNotes {
  readonly #masked = new Map<string, number>();
  readonly #ranges: MissingRange[] = [];
  /** Whether values are to be masked. */
  readonly #masks: boolean;
  #replaced = 0;

  constructor(masks: boolean) {
    this.#masks = masks;
  }

  readonly onMasked = (name: string): void => {
    this.#masked.set(name, (this.#masked.get(name) ?? 0) + 1);
  };

  readonly onMissing = (range: MissingRange): void => {
    this.#ranges.push(range);
  };

  readonly onReplaced = (bytes: number): void => {
    this.#replaced += bytes;
  };

  /** Whether all of the recording is there, and can be read. */
  isWhole({ entry, times }: RecordedTask): boolean {
    return entry.type === 'task' && this.#ranges.every(({ removed }) => removed) && times.problem === undefined;
  }

  /** Lines for stderr. */
  *lines({ entry, times }: RecordedTask, format: ExportFormat): Generator<string, void, void> {
    if (entry.type === 'unreadable') yield failureLine(entry.problem);
    if (times.problem !== undefined) yield `orch: ${times.problem}`;
    for (const range of this.#ranges) yield `orch: ${missingRangeText(range)}`;
    if (this.#replaced > 0)
      yield `orch: ${this.#replaced} bytes are not UTF-8, and ${format.name} has U+FFFD for them — script and json keep them`;
    if (format.isWhole && this.#masks) yield `orch: ${format.name} holds the task unchanged: nothing is masked in it`;
    if (this.#masked.size > 0) {
      const found = [...this.#masked].map(([name, times]) => (times === 1 ? name : `${name} (${times} times)`));
      yield `orch: masked: ${found.join(', ')} — --no-redact does not mask them`;
    }
  }
}
