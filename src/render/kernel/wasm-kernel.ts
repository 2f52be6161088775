import { readFileSync } from 'node:fs';
import { packageFile } from '../../core/package-file.js';
import { cellWidths } from '../../core/terminal/cell-width.js';
import { INPUT_BYTES, type KernelStop, type LineKernel, MAX_LINES, OUTPUT_BYTES } from './line-kernel.js';

/** The kernel in WebAssembly: assembly/line-kernel.ts, which the build compiles. */
export class WasmKernel implements LineKernel {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  readonly inputEnds: Int32Array;
  readonly outputEnds: Int32Array;
  readonly rowEnds: Int32Array;
  readonly savings: Int32Array;
  readonly blanks: Int32Array;
  readonly #exports: KernelExports;

  /** Throws where there is no WebAssembly with vectors, no memory for it, or no such file. */
  constructor(file = packageFile(KERNEL_FILE)) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {});
    // What the build made of that one source.
    this.#exports = exports as KernelExports;
    const { memory, input, output, inputEnds, outputEnds, rowEnds, savings, blanks, widths } = this.#exports;
    const { buffer } = memory;
    this.input = new Uint8Array(buffer, input.value, INPUT_BYTES);
    this.output = new Uint8Array(buffer, output.value, OUTPUT_BYTES);
    this.inputEnds = new Int32Array(buffer, inputEnds.value, MAX_LINES);
    this.outputEnds = new Int32Array(buffer, outputEnds.value, MAX_LINES);
    this.rowEnds = new Int32Array(buffer, rowEnds.value, MAX_LINES);
    this.savings = new Int32Array(buffer, savings.value, MAX_LINES);
    this.blanks = new Int32Array(buffer, blanks.value, MAX_LINES);
    new Uint8Array(buffer, widths.value).set(cellWidths());
  }

  get stop(): KernelStop {
    return STOPS[this.#exports.stop.value] ?? 'unknown';
  }

  get restart(): number {
    return this.#exports.restart.value - this.#exports.input.value;
  }

  read(length: number, cols: number): number {
    return this.#exports.read(length, cols);
  }

  expandLineFeeds(length: number, before: number): number {
    return this.#exports.expandLineFeeds(length, before);
  }
}

const KERNEL_FILE = 'dist/line-kernel.wasm';

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly stop: Global;
  readonly restart: Global;
  /** Addresses in it. */
  readonly input: Global;
  readonly output: Global;
  readonly inputEnds: Global;
  readonly outputEnds: Global;
  readonly rowEnds: Global;
  readonly savings: Global;
  readonly blanks: Global;
  readonly widths: Global;
  readonly read: (length: number, cols: number) => number;
  readonly expandLineFeeds: (length: number, before: number) => number;
}

interface Global {
  readonly value: number;
}

const STOPS: readonly KernelStop[] = ['ended', 'unknown', 'full'];
