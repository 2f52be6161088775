import { byteAt, itemAt, wordAt } from '../items/element-at.js';

/** A byte string to search for, without whitespace (see stripWhitespace). */
export interface Literal {
  readonly bytes: Uint8Array;
  /** What a match means: a whole value, or the beginning of a token of this shape. */
  readonly means: { readonly value: string } | { readonly shape: number };
}

/** The node of {@link Literals} where nothing has begun. */
export const ROOT = 0;

/**
 * The automaton of Aho and Corasick: a node stands for the longest suffix of the text that is a prefix of a literal,
 * so one step a byte finds every literal wherever it begins. Edges are lists, for memory that grows with the literals
 * alone; past the first few bytes a list has one entry.
 */
export class Literals {
  /** Length of the prefix that a node stands for, bytes. */
  readonly depth: Int32Array;
  /** As {@link depth}, for prefixes of values alone. */
  readonly valueDepth: Int32Array;
  /** The length of the longest value that ends at a node; 0: none does. */
  readonly valueLength: Int32Array;
  readonly valueName: string[] = [''];
  /** The shapes whose first literal ends at a node. */
  readonly shapes: (readonly number[])[] = [[]];
  /** 1: a literal ends at this node. */
  readonly #ends: Uint8Array;
  readonly #firstChild: Int32Array;
  readonly #sibling: Int32Array;
  readonly #byte: Uint8Array;
  readonly #fail: Int32Array;
  #size = 1;
  /** The root's edges, which nearly every step asks for. */
  readonly #begin = new Int32Array(256);

  constructor(literals: readonly Literal[]) {
    const nodes = literals.reduce((sum, { bytes }) => sum + bytes.length, 1);
    this.depth = new Int32Array(nodes);
    this.valueDepth = new Int32Array(nodes);
    this.valueLength = new Int32Array(nodes);
    this.#ends = new Uint8Array(nodes);
    this.#firstChild = new Int32Array(nodes);
    this.#sibling = new Int32Array(nodes);
    this.#byte = new Uint8Array(nodes);
    this.#fail = new Int32Array(nodes);
    for (const literal of literals) this.#add(literal);
    this.#link();
  }

  /** The node behind `byte`. */
  step(node: number, byte: number): number {
    for (let from = node; from !== ROOT; from = this.#fail[from] ?? ROOT) {
      const next = this.child(from, byte);
      if (next !== ROOT) return next;
    }
    return this.#begin[byte] ?? ROOT;
  }

  /** Where the edge of `byte` leads; ROOT: there is none. */
  child(node: number, byte: number): number {
    if (node === ROOT) return this.#begin[byte] ?? ROOT;
    let child = this.#firstChild[node] ?? ROOT;
    while (child !== ROOT && this.#byte[child] !== byte) child = this.#sibling[child] ?? ROOT;
    return child;
  }

  /** A literal ends at `node`. */
  ends(node: number): boolean {
    return this.#ends[node] === 1;
  }

  /** The distinct literal prefixes of `length` bytes. */
  begins(length: number): readonly (readonly number[])[] {
    let begins: { readonly node: number; readonly bytes: readonly number[] }[] = [{ node: ROOT, bytes: [] }];
    for (let n = 0; n < length; n++) {
      begins = begins.flatMap(({ node, bytes }) => {
        const longer: typeof begins = [];
        for (let next = this.#firstChild[node] ?? ROOT; next !== ROOT; next = this.#sibling[next] ?? ROOT) {
          longer.push({ node: next, bytes: [...bytes, byteAt(this.#byte, next)] });
        }
        return longer;
      });
    }
    return begins.map(({ bytes }) => bytes);
  }

  #add({ bytes, means }: Literal): void {
    let node = ROOT;
    for (const byte of bytes) {
      node = this.child(node, byte) || this.#grow(node, byte);
      if ('value' in means) this.valueDepth[node] = wordAt(this.depth, node);
    }
    if (node === ROOT) return;
    if ('shape' in means) this.shapes[node] = [...(this.shapes[node] ?? []), means.shape];
    else {
      this.valueLength[node] = bytes.length;
      this.valueName[node] = means.value;
    }
  }

  #grow(parent: number, byte: number): number {
    const node = this.#size++;
    this.depth[node] = wordAt(this.depth, parent) + 1;
    this.valueName.push('');
    this.shapes.push([]);
    this.#sibling[node] = this.#firstChild[parent] ?? ROOT;
    this.#byte[node] = byte;
    this.#firstChild[parent] = node;
    if (parent === ROOT) this.#begin[byte] = node;
    return node;
  }

  /** Breadth first: a node's failure link leads to a node nearer the root. */
  #link(): void {
    const queue: number[] = [];
    const enqueue = (parent: number): void => {
      for (let node = this.#firstChild[parent] ?? ROOT; node !== ROOT; node = this.#sibling[node] ?? ROOT) {
        this.#fail[node] = parent === ROOT ? ROOT : this.step(this.#fail[parent] ?? ROOT, byteAt(this.#byte, node));
        queue.push(node);
      }
    };
    enqueue(ROOT);
    for (const node of queue) {
      this.#takeOver(node, this.#fail[node] ?? ROOT);
      enqueue(node);
    }
  }

  #takeOver(node: number, shorter: number): void {
    this.valueDepth[node] ||= wordAt(this.valueDepth, shorter);
    this.shapes[node] = [...(this.shapes[node] ?? []), ...(this.shapes[shorter] ?? [])];
    if (this.valueLength[node] === 0) {
      this.valueLength[node] = wordAt(this.valueLength, shorter);
      this.valueName[node] = itemAt(this.valueName, shorter);
    }
    this.#ends[node] = this.valueLength[node] !== 0 || (this.shapes[node] ?? []).length > 0 ? 1 : 0;
  }
}
