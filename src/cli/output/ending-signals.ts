import { constants } from 'node:os';
import type { CliContext, CliSignal } from '../options/context.js';

/** The signals that end a command, as an AbortSignal: it puts right what it has changed, and returns `exitCode`. */
export interface EndingSignals extends Disposable {
  readonly signal: AbortSignal;
  /** 128 + the number of the signal that came; undefined while none has. */
  readonly exitCode: number | undefined;
  /** As if one had come. */
  end(signal: CliSignal): void;
}

export function endingSignals(context: CliContext): EndingSignals {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const end = (name: CliSignal): void => {
    exitCode ??= 128 + constants.signals[name];
    controller.abort();
  };
  const listening = SIGNALS.map((name) =>
    context.onSignal(name, () => {
      end(name);
    }),
  );
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    end,
    [Symbol.dispose]: () => {
      for (const listener of listening) listener[Symbol.dispose]();
    },
  };
}

const SIGNALS: readonly CliSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
