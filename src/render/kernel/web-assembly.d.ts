/** The little of WebAssembly that is used here: Node has it, its types and the library of ES2023 do not. */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- that is all it is
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, never>>);
    readonly exports: unknown;
  }
}
