import type { LineKernel } from './line-kernel.js';
import { PlainKernel } from './plain-kernel.js';
import { WasmKernel } from './wasm-kernel.js';

let shared: LineKernel | undefined;

/**
 * The kernel of this thread: in WebAssembly where that is to be had. It keeps nothing from one call to the next, so that
 * one is enough.
 */
export function lineKernel(): LineKernel {
  return (shared ??= open());
}

function open(): LineKernel {
  try {
    return new WasmKernel();
  } catch {
    return new PlainKernel();
  }
}
