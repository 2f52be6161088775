/**
 * Whether a file of this name can belong to a task, so that whatever else an archive holds is left alone: what recorders
 * write, older segments of the recording, compressed or not, included.
 */
export function isTaskFile(name: string): boolean {
  return /^(?:task\.json|task\.log|backend\.log|backend\.\d{16}\.log(?:\.gz)?|backend\.idx|backend\.jsonl|events\.jsonl|status\.jsonl|prompt\.txt)$/.test(
    name,
  );
}
