import { createRequire } from 'node:module';
import type * as Regexpp from '@eslint-community/regexpp';
import type * as Re2 from 're2js';

// Loaded on demand: each takes milliseconds to load, and few runs have a pattern that needs one.
const load = createRequire(import.meta.url);

export function loadRegexpp(): typeof Regexpp {
  return load('@eslint-community/regexpp') as typeof Regexpp;
}

export function loadRe2(): typeof Re2 {
  return load('re2js') as typeof Re2;
}
