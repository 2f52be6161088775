import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { errors } from '../core/errors.js';
import type { TextFile } from './read-text.js';
import { type Entry, nameOf, type DocumentPlace, refuse, type Value } from './value.js';

/** The deepest nesting: the parser, and code that walks its tree, would run out of stack in the thousands. */
const MAX_DEPTH = 200;

/** The most values of a file, with each use of an alias counted: ten lines of aliases can stand for billions. */
const MAX_VALUES = 100_000;

/**
 * The documents of a YAML file (a JSON file is one), each as a tree; an empty file is one empty document.
 *
 * @throws OrchError CONFIG_INVALID for invalid YAML, duplicate keys, and more values or levels than allowed
 */
export function readDocuments(file: TextFile): readonly Value[] {
  const lines = new LineCounter();
  const found = compose(file, lines);
  const reader = new TreeReader(file, lines);
  return found.map((document) => reader.tree(document));
}

function compose({ name, text }: TextFile, lines: LineCounter): Document.Parsed[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false });
  const documents: Document.Parsed[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > MAX_DEPTH) {
      const what = 'lists and maps are nested too deeply here';
      throw errors.configInvalid(
        placeAt(name, lines, parser.offset),
        what,
        'close those that should have ended earlier',
      );
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return documents;
}

function placeAt(name: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${name}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/** Builds trees of the parser's nodes, with aliases replaced by their values and keys as texts. */
class TreeReader {
  readonly #file: TextFile;
  readonly #lines: LineCounter;
  #values = 0;
  /** The node that each anchor names at this point, and the node of each alias met so far. */
  readonly #anchors = new Map<string, Node>();
  readonly #anchored = new Set<Node>();
  readonly #targets = new Map<Alias, Node>();

  constructor(file: TextFile, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  tree(document: Document.Parsed): Value {
    // The parser only warns of an unknown tag: its value would be taken for a text.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      const [what = ''] = problem.message.split('\n');
      const fix = "check quotes and indentation; a text that contains ': ' or ' #' needs quotes";
      throw refuse(this.#place(problem.pos[0], ''), `this is not YAML: ${what}`, fix);
    }
    this.#anchors.clear();
    return this.#value(document.contents, this.#place(document.contents?.range[0] ?? 0, ''), 0);
  }

  #value(node: ParsedNode | Node | null, place: DocumentPlace, depth: number): Value {
    if (++this.#values > MAX_VALUES || depth > MAX_DEPTH) {
      throw refuse(
        place,
        `with its aliases this is more than ${MAX_VALUES} values, or has no end`,
        'use fewer aliases',
      );
    }
    if (isAlias(node)) return this.#value(this.#target(node, place), place, depth + 1);
    this.#remember(node);
    if (isMap(node)) return { ...place, type: 'map', entries: this.#entries(node, place, depth) };
    if (isSeq(node)) {
      const items = node.items.map((item, at) => {
        const child = nodeIn(item);
        return this.#value(child, this.#placeOf(child, `${place.path}[${at}]`, place), depth + 1);
      });
      return { ...place, type: 'list', items };
    }
    return { ...place, ...contentOf(isScalar(node) ? node : undefined) };
  }

  #remember(node: Node | null): void {
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (node === null || anchor === undefined || this.#anchored.has(node)) return;
    this.#anchored.add(node);
    this.#anchors.set(anchor, node);
  }

  #target(alias: Alias, place: DocumentPlace): Node {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (target === undefined) throw refuse(place, `there is no &${alias.source} before this`, 'write the value out');
    this.#targets.set(alias, target);
    return target;
  }

  #entries(map: YAMLMap, place: DocumentPlace, depth: number): readonly Entry[] {
    const seen = new Map<string, DocumentPlace>();
    return map.items.map(({ key: keyNode, value }: Pair) => {
      const at = this.#placeOf(nodeIn(keyNode), place.path, place);
      const key = this.#key(keyNode, at);
      const here = { at: at.at, path: joined(place.path, key) };
      const first = seen.get(key);
      if (first !== undefined) {
        throw refuse(here, `${nameOf(here)} is there twice, first at ${first.at}`, 'leave one of them out');
      }
      seen.set(key, here);
      const child = isLeftOut(nodeIn(value)) ? null : nodeIn(value);
      return { ...here, key, value: this.#value(child, this.#placeOf(child, here.path, here), depth + 1) };
    });
  }

  #key(node: unknown, place: DocumentPlace): string {
    this.#remember(nodeIn(node));
    const content = isScalar(node) ? contentOf(node) : undefined;
    if (content === undefined || content.type === 'nothing') {
      throw refuse(
        place,
        `a key in ${nameOf(place)} is not a text`,
        'put a text that begins with [, {, * or ? in quotes',
      );
    }
    return content.text;
  }

  #place(offset: number, path: string): DocumentPlace {
    return { at: placeAt(this.#file.name, this.#lines, offset), path };
  }

  #placeOf(node: Node | null, path: string, parent: DocumentPlace): DocumentPlace {
    const start = node?.range?.[0];
    return start === undefined ? { at: parent.at, path } : this.#place(start, path);
  }
}

/** Whether a node is YAML's placeholder for a value that was left out. */
function isLeftOut(node: Node | null): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

function nodeIn(found: unknown): Node | null {
  return isMap(found) || isSeq(found) || isScalar(found) || isAlias(found) ? found : null;
}

type ScalarContent =
  | { readonly type: 'nothing' }
  | { readonly type: 'text' | 'number' | 'boolean'; readonly text: string };

function contentOf(scalar: Scalar | undefined): ScalarContent {
  const value = scalar?.value ?? null;
  if (value === null) return { type: 'nothing' };
  if (typeof value === 'string') return { type: 'text', text: value };
  const text = scalar?.source ?? '';
  return { type: typeof value === 'boolean' ? 'boolean' : typeof value === 'object' ? 'text' : 'number', text };
}

function joined(path: string, key: string): string {
  const shown = /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? shown : `${path}.${shown}`;
}
