// The thread behind matchesIn: says whether a pattern matches a text.
import { compilePattern } from '../../core/pattern/pattern.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import { PATTERN_PROTOCOL } from './pattern-protocol.js';

serveWorker(PATTERN_PROTOCOL, (spec) => {
  const pattern = compilePattern(spec);
  return (text) => pattern.test(text);
});
