// The thread behind SegmentHasher.
import { beNice } from '../../core/process/be-nice.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import { HASHER_PROTOCOL } from './segment-hasher-protocol.js';
import { SegmentHasherWork } from './segment-hasher-work.js';

/** nice(2): the agent and its capture come first, and the hash is wanted only when both have ended. */
const NICENESS = 10;

serveWorker(HASHER_PROTOCOL, (data, tell) => {
  beNice(NICENESS);
  const work = new SegmentHasherWork(data, tell);
  return (request) => work.take(request);
});
