/** Said when a terminal leaves a task. */
export function detachedLine(task: string): string {
  return `orch: detached; ${task} goes on, and orch attach ${task} comes back to it`;
}
