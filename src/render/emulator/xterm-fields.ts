import { isCount, isFlag, isRecord } from '../../core/guards.js';

/**
 * Every private field of the core of @xterm/headless 6.0.0 that is read or written here, and what it is. An upgrade that has
 * others fails at once, with the name of the first that is different.
 */
export const XTERM_FIELDS: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ['writeSync', 'function'],
  ['_bufferService.cols', 'number'],
  ...['normal', 'alt', 'active'].flatMap((buffer) => bufferFields(`_bufferService.buffers.${buffer}`)),
  // The screen that is shown has lines from the beginning.
  ...lineFields('_bufferService.buffers.normal.lines.get(0)'),
  ...['carriageReturn', 'lineFeed', 'index', 'nextLine', 'restoreCursor'].map((name) =>
    field(`_inputHandler.${name}`, 'function'),
  ),
  ...penFields('_inputHandler._curAttrData'),
  ['_inputHandler._curAttrData.updateExtended', 'function'],
  ['_inputHandler._parser.precedingJoinState', 'number'],
  // Its `charset` is not there until one is chosen.
  ['_charsetService._charsets', 'array'],
  ['_charsetService.glevel', 'number'],
  ['coreService.modes.insertMode', 'boolean'],
  ['coreService.decPrivateModes.wraparound', 'boolean'],
  ['options.convertEol', 'boolean'],
]);

export type FieldKind = 'number' | 'boolean' | 'function' | 'object' | 'array' | 'words' | 'anything';

/** The first field of `core` that is not there, or is something else; undefined where all are as they have to be. */
export function strangeField(core: unknown): string | undefined {
  for (const [path, kind] of XTERM_FIELDS) if (!isKind(valueAt(core, path), kind)) return path;
  return undefined;
}

function bufferFields(path: string): readonly (readonly [string, FieldKind])[] {
  const numbers = ['x', 'y', 'ybase', 'ydisp', 'scrollTop', 'scrollBottom', 'savedX', 'savedY'];
  return [
    ...[...numbers, 'lines.length', 'lines.maxLength'].map((name) => field(`${path}.${name}`, 'number')),
    ...penFields(`${path}.savedCurAttrData`),
    field(`${path}.savedCharset`, 'anything'),
    field(`${path}.tabs`, 'object'),
    field(`${path}.lines.get`, 'function'),
    field(`${path}.lines.push`, 'function'),
  ];
}

function penFields(path: string): readonly (readonly [string, FieldKind])[] {
  return [
    field(`${path}.fg`, 'number'),
    field(`${path}.bg`, 'number'),
    field(`${path}.extended.ext`, 'number'),
    field(`${path}.extended.clone`, 'function'),
    field(`${path}.extended.isEmpty`, 'function'),
  ];
}

function lineFields(path: string): readonly (readonly [string, FieldKind])[] {
  return [
    field(`${path}.isWrapped`, 'boolean'),
    field(`${path}.length`, 'number'),
    field(`${path}._data`, 'words'),
    field(`${path}._combined`, 'object'),
    field(`${path}._extendedAttrs`, 'object'),
    field(`${path}.clone`, 'function'),
  ];
}

function field(path: string, kind: FieldKind): readonly [string, FieldKind] {
  return [path, kind];
}

/** The value at `path`; `MISSING` where there is none, not even undefined. */
function valueAt(core: unknown, path: string): unknown {
  let value = core;
  for (const name of path.split('.')) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return MISSING;
    if (name === 'get(0)') {
      const get: unknown = Reflect.get(value, 'get');
      value = typeof get === 'function' ? (Reflect.apply(get, value, [0]) as unknown) : MISSING;
    } else value = Reflect.has(value, name) ? (Reflect.get(value, name) as unknown) : MISSING;
  }
  return value;
}

const MISSING = Symbol('missing');

function isKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case 'number':
      return isCount(value);
    case 'boolean':
      return isFlag(value);
    case 'function':
      return typeof value === 'function';
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'words':
      return value instanceof Uint32Array;
    case 'anything':
      return value !== MISSING;
  }
}
