import { create, type Player } from 'asciinema-player';
import { element } from './packed.js';

/** Shows the player in the element `player`, as large as that is, with a picture of the moment `poster` (seconds). */
export function play(cast: string, poster: number): Player {
  return create({ data: cast }, element('player'), { fit: 'both', poster: `npt:${poster}`, preload: true });
}
