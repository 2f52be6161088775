import type { RenderChunk } from '../../render/model/line.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';

/** A exported as the screen model takes it; undefined for one that is not for the screen. */
export function renderChunkOf(exported: PlacedChunk): RenderChunk | undefined {
  switch (exported.type) {
    case 'output':
    case 'redraw':
      return exported.bytes;
    case 'resize':
      return { type: 'resize', cols: exported.cols, rows: exported.rows };
    case 'missing':
      return { type: 'missing', bytes: exported.bytes };
    case 'iteration':
    case 'exit':
      return undefined;
  }
}
