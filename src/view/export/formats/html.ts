import type { Chapter, PageData, PageLine } from '../../../page/page-data.js';
import { escapeMarkup } from '../../../render/paint.js';
import { formatDuration } from '../../format.js';
import { transcriptLines } from '../../transcript-lines.js';
import type { WriteOptions } from '../export-format.js';
import type { ExportPiece, ExportSource } from '../export-source.js';
import { pageOf } from '../../html-page.js';
import { renderChunkOf } from '../render-chunk.js';
import { writeAsciicast2 } from './asciicast.js';

/** A page with a player, and beside it the clean text with its times: to be searched, jumped in and copied from. */
export async function* writeHtml(source: ExportSource, options: WriteOptions): AsyncGenerator<Uint8Array, void, void> {
  const { data, endMs } = await pageData(source);
  yield* pageOf({
    name: 'html',
    title: source.title,
    body: [
      `<header><h1>${escapeMarkup(source.title)}</h1><p>${escapeMarkup(factsOf(source, endMs).join(' · '))}</p></header>`,
      '<main id="player"></main>',
      '<div id="tools">',
      '<input id="query" type="search" placeholder="Search the text ( / )" aria-label="Search the text">',
      '<output id="count"></output>',
      '<button id="previous" title="Previous (Shift+Enter)">↑</button><button id="next" title="Next (Enter)">↓</button>',
      '<button id="copy">Copy all</button><nav id="chapters"></nav>',
      '</div>',
      '<section id="lines" aria-label="Text"></section>',
    ],
    packed: {
      cast: writeAsciicast2(source, options),
      data: [Buffer.from(JSON.stringify(data))],
    },
  });
}

/** A page that is the asciinema player, and nothing else. */
export function writeCastPlayer(source: ExportSource, options: WriteOptions): AsyncIterable<Uint8Array> {
  return pageOf({
    name: 'cast-player',
    title: source.title,
    body: ['<main id="player"></main>'],
    packed: { cast: writeAsciicast2(source, options) },
  });
}

function factsOf({ entry, command, size, started, title }: ExportSource, endMs: number): readonly string[] {
  return [
    entry.folder.id,
    ...(command === undefined || command === title ? [] : [command]),
    ...(started === undefined ? [] : [new Date(started).toISOString().replace(/\.\d+Z$/, 'Z')]),
    formatDuration(endMs),
    `${size.cols}x${size.rows}`,
  ];
}

async function pageData(source: ExportSource): Promise<{ readonly data: PageData; readonly endMs: number }> {
  const places = new Places();
  const chapters: Chapter[] = [];
  let endMs = 0;
  const chunks = async function* (): AsyncGenerator<NonNullable<ReturnType<typeof renderChunkOf>>, void, void> {
    for await (const piece of source.pieces()) {
      endMs = piece.ms;
      if (piece.type === 'iteration') chapters.push({ ms: piece.ms, name: `Iteration ${piece.iteration}` });
      places.add(piece);
      const chunk = renderChunkOf(piece);
      if (chunk !== undefined) yield chunk;
    }
  };
  const lines: PageLine[] = [];
  for await (const some of transcriptLines(chunks(), { size: source.size })) {
    for (const { text, offset, endOffset } of some) {
      lines.push([places.of(Math.max(offset, endOffset - 1)).ms, places.of(offset).offset, text]);
    }
  }
  return { data: { lines, chapters }, endMs };
}

/** When and where in the recording what the screen was fed came from: it counts its own bytes. */
class Places {
  readonly #places: {
    readonly fed: number;
    readonly ms: number;
    readonly offset: number;
    readonly isDrawn: boolean;
  }[] = [];
  #fed = 0;

  add(piece: ExportPiece): void {
    const { type, ms, offset } = piece;
    if (type !== 'output' && type !== 'redraw' && type !== 'missing') return;
    this.#places.push({ fed: this.#fed, ms, offset, isDrawn: type === 'redraw' });
    this.#fed += type === 'missing' ? piece.bytes : piece.bytes.length;
  }

  of(fed: number): { readonly ms: number; readonly offset: number } {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle]?.fed ?? 0) <= fed) low = middle + 1;
      else high = middle;
    }
    const place = this.#places[low - 1];
    if (place === undefined) return { ms: 0, offset: 0 };
    // What stood there before what is exported is no byte of it.
    return { ms: place.ms, offset: place.isDrawn ? place.offset : place.offset + fed - place.fed };
  }
}
