import type { Bench } from './bench.js';
import { capture } from './capture.js';
import { exportBenches } from './export.js';
import { follow } from './follow.js';
import { idle, idleHosts } from './idle.js';
import { keyframes } from './keyframes.js';
import { latency } from './latency.js';
import { limits } from './limits.js';
import { memory } from './memory.js';
import { replay } from './replay.js';
import { search } from './search.js';
import { start } from './start.js';
import { tail } from './tail.js';
import { render } from './transcript.js';

/** In the order in which they are run. */
export const benches: readonly Bench[] = [
  start,
  ...render,
  search,
  ...capture,
  keyframes,
  ...exportBenches,
  idle,
  idleHosts,
  latency,
  ...follow,
  limits,
  memory,
  ...replay,
  tail,
];
