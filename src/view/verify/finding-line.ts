import { printable } from '../../core/text/printable.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { Meaning, Paint } from '../print/colour.js';
import { shownStatus, type ShownStatus, statusText } from '../tasks/task-status.js';
import type { Finding, Result } from './finding.js';

/** The findings about a recording, for programs. */
export interface VerifiedJson {
  readonly id: string;
  readonly folder: string;
  readonly status: ShownStatus;
  /** Nothing failed. Of a task that runs or is lost this says less: see its notes. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export function verifiedJson(entry: TaskEntry, findings: readonly Finding[]): VerifiedJson {
  const { id, path } = entry.folder;
  return { id, folder: path, status: shownStatus(entry), ok: !hasFailed(findings), findings };
}

function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ result }) => result === 'failed');
}

/** The line above a task's findings. */
export function taskLine(entry: TaskEntry, paint: Paint): string {
  return `${paint('heading', entry.folder.id)} ${statusText(entry, paint)}\n`;
}

/** `ok   bytes: 1,234,567 in 2 segments` */
export function findingLine({ check, result, text }: Finding, paint: Paint): string {
  const [meaning, word] = wordOf(result);
  return `${paint(meaning, word)}${' '.repeat(WORD_COLUMNS - word.length)}${check}: ${printable(text)}\n`;
}

const WORD_COLUMNS = 5;

function wordOf(result: Result): readonly [Meaning, string] {
  switch (result) {
    case 'ok':
      return ['good', 'ok'];
    case 'failed':
      return ['bad', 'FAIL'];
    case 'note':
      return ['doubtful', 'note'];
    case 'mended':
      return ['active', 'mend'];
  }
}
