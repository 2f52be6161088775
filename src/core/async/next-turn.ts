/** Resolves when whatever else this process has to do has had its turn: for long work in small steps. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
