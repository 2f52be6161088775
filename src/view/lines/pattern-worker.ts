// The thread behind matchesIn: says whether a pattern matches a text, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { compilePattern } from '../../core/pattern/pattern.js';
import type { MatchWork } from './pattern-match.js';

const { spec, text } = workerData as MatchWork;
parentPort?.postMessage(compilePattern(spec).test(text));
