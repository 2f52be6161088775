import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS_FILE } from '../../store/events/event-log.js';
import { fileLines } from '../../store/files/file-lines.js';
import { MANIFEST_FILE } from '../../store/layout/manifest.js';
import { replaceFile } from '../../store/files/private-file.js';

/**
 * Gives a task another id, in its manifest and its events; everything else is kept, keys of a newer orch included.
 * Throws the system's error.
 */
export function renameTask(folder: string, id: string): void {
  const manifest = join(folder, MANIFEST_FILE);
  replaceFile(manifest, `${JSON.stringify({ ...objectOf(readFileSync(manifest, 'utf8')), id }, undefined, 2)}\n`);
  const path = join(folder, EVENTS_FILE);
  if (existsSync(path)) replaceFile(path, renamed(path, id));
}

function* renamed(path: string, id: string): Generator<string, void, void> {
  for (const { text, isWhole } of fileLines(path, MAX_LINE_BYTES))
    yield `${renamedEvent(text, id)}${isWhole ? '\n' : ''}`;
}

/** A line that is no event is kept unchanged. */
function renamedEvent(line: string, id: string): string {
  const event = objectOf(line);
  return event !== undefined && 'task' in event ? JSON.stringify({ ...event, task: id }) : line;
}

function objectOf(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The longest line of an event. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
