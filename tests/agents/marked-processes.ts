import { readdirSync, readFileSync } from 'node:fs';

/** The processes that have `mark` in their environment, which children inherit however they were started: their command lines. */
export function markedProcesses(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const marked = read(pid, 'environ').split('\0').includes(mark);
      return marked ? [`${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`] : [];
    });
}

/** Empty where the process has gone, or is a zombie. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
