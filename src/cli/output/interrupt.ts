import { constants } from 'node:os';
import { ExitCode } from '../../core/exit-status.js';
import type { CliContext, CliSignal } from '../options/context.js';

/** Ctrl-C (SIGINT) as an AbortSignal: a command that reads ends its output properly and returns 130. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** 128 and the number of the signal that came; 130 as long as none has. */
  readonly exitCode: number;
}

/** `signals`: those that a command has to clean up after, where SIGINT is not the only one. */
export function interruptOf(context: CliContext, signals: readonly CliSignal[] = ['SIGINT']): Interrupt {
  const controller = new AbortController();
  let exitCode: number = ExitCode.interrupted;
  const listening = signals.map((signal) =>
    context.onSignal(signal, () => {
      if (!controller.signal.aborted) exitCode = 128 + constants.signals[signal];
      controller.abort();
    }),
  );
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => {
      for (const one of listening) one[Symbol.dispose]();
    },
  };
}
