// Required by every thread before its own program (thread-options.ts). Node asks for the working folder when it starts one,
// and ends the thread at once where that was removed. No thread of orch means anything by a relative path.
const workingFolder = process.cwd.bind(process);
process.cwd = () => {
  try {
    return workingFolder();
  } catch {
    return '/';
  }
};
