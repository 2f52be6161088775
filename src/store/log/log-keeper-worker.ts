// The thread behind LogKeeper.
import { beNice } from '../../core/process/be-nice.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import { KEEPER_PROTOCOL } from './log-keeper-protocol.js';
import { LogKeeperWork } from './log-keeper-work.js';

/** nice(2): the agent and its capture come first, and the hash is wanted only when both have ended. */
const NICENESS = 10;

serveWorker(KEEPER_PROTOCOL, (data, tell) => {
  beNice(NICENESS);
  const work = new LogKeeperWork(data, tell);
  return (order) => work.take(order);
});
