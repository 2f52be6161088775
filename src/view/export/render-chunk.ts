import type { RenderChunk } from '../../render/model/line.js';
import type { ExportPiece } from './export-source.js';

/** A piece as the screen model takes it; undefined for one that is not for the screen. */
export function renderChunkOf(piece: ExportPiece): RenderChunk | undefined {
  switch (piece.type) {
    case 'output':
    case 'redraw':
      return piece.bytes;
    case 'resize':
      return { type: 'resize', cols: piece.cols, rows: piece.rows };
    case 'missing':
      return { type: 'missing', bytes: piece.bytes };
    case 'iteration':
    case 'exit':
      return undefined;
  }
}
