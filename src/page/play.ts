import { create, type Player } from 'asciinema-player';
import { element } from './packed.js';

/** Shows the player in the element `player`, as large as that is. */
export function play(cast: string): Player {
  return create({ data: cast }, element('player'), { fit: 'both', poster: `npt:${POSTER_SECONDS}`, preload: true });
}

/** So far in there is more to be seen than an empty screen. */
const POSTER_SECONDS = 5;
