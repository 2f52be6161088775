/** Resolves after the other work that waits in the event loop: for long work in small steps. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
