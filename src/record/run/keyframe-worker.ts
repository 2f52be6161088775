// The thread behind KeyframeThread: makes the keyframes of a recording that goes on, until that ends.
import { beNice } from '../../core/process/be-nice.js';
import { sleep, systemClock } from '../../core/clock.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import { makeKeyframes } from '../../keyframes/make-keyframes.js';
import { KEYFRAME_PROTOCOL } from './keyframe-protocol.js';

/** nice(2): the agent, its capture and the hash come first. */
const NICENESS = 19;
/** After each piece of the log the thread rests this many times as long: agents print little, floods can wait. */
const REST = 3;

serveWorker(KEYFRAME_PROTOCOL, (task) => {
  beNice(NICENESS);
  void makeKeyframes(task, {
    follow: true,
    clock: systemClock,
    onPiece: (_, busyMs) => sleep(systemClock, busyMs * REST),
  });
  return undefined;
});
