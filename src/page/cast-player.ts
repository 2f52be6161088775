import { unpack } from './packed.js';
import { play } from './play.js';

play(await unpack('cast'));
