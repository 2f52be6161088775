import type { CliContext } from './context.js';

/** Ctrl-C (SIGINT) as an AbortSignal: a command that reads ends its output properly and returns 130. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

export function interruptOf(context: CliContext): Interrupt {
  const controller = new AbortController();
  const listening = context.onSignal('SIGINT', () => {
    controller.abort();
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]();
    },
  };
}
