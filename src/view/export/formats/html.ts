import { firstIndex } from '../../../store/times/time-index-reader.js';
import type { Chapter, PageData, PageLine, PageLink } from '../../../page/page-data.js';
import type { Line, RenderChunk } from '../../../render/model/line.js';
import { escapeMarkup } from '../../../render/pictures/paint.js';
import { linksOf } from '../../../render/pictures/print-frame.js';
import { formatDuration } from '../../print/format.js';
import { transcriptLines } from '../../lines/transcript-lines.js';
import type { WriteOptions } from '../export-format.js';
import type { PlacedChunk } from '../../../formats/model/written-recording.js';
import type { ExportSource } from '../export-source.js';
import { pageOf } from '../html-page.js';
import { renderChunkOf } from '../render-chunk.js';
import { writeAsciicast2 } from '../../../formats/asciicast/write-asciicast.js';

/** A page with a player, and beside it the clean text with its times: to be searched, jumped in and copied from. */
export async function* writeHtml(source: ExportSource, options: WriteOptions): AsyncGenerator<Uint8Array, void, void> {
  const data = new StreamedData(source);
  yield* pageOf({
    name: 'html',
    title: source.title,
    body: () => [
      `<header><h1>${escapeMarkup(source.title)}</h1><p>${escapeMarkup(factsOf(source, data.endMs).join(' · '))}</p></header>`,
      '<main id="player"></main>',
      '<div id="tools">',
      '<input id="query" type="search" placeholder="Search the text ( / )" aria-label="Search the text">',
      '<output id="count"></output>',
      '<button id="previous" title="Previous (Shift+Enter)">↑</button><button id="next" title="Next (Enter)">↓</button>',
      '<button id="copy">Copy all</button><nav id="chapters"></nav>',
      '</div>',
      '<section id="lines" aria-label="Text"></section>',
    ],
    packed: { data: data.json(), cast: writeAsciicast2(source, options) },
  });
}

/** A page that is the asciinema player, and nothing else. */
export function writeCastPlayer(source: ExportSource, options: WriteOptions): AsyncIterable<Uint8Array> {
  return pageOf({
    name: 'cast-player',
    title: source.title,
    body: () => ['<main id="player"></main>'],
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

/** {@link PageData} as JSON, line by line: nothing of it is kept. */
class StreamedData {
  readonly #source: ExportSource;
  readonly #places = new Places();
  readonly #chapters: Chapter[] = [];
  /** When what was read until now came. */
  endMs = 0;

  constructor(source: ExportSource) {
    this.#source = source;
  }

  async *json(): AsyncGenerator<Uint8Array, void, void> {
    let text = `{"${'lines' satisfies keyof PageData}":[`;
    let between = '';
    for await (const lines of transcriptLines(this.#chunks(), { size: this.#source.size, links: true })) {
      for (const line of lines) {
        text += between + JSON.stringify(this.#placed(line));
        between = ',';
        if (text.length < BATCH_CHARS) continue;
        yield Buffer.from(text);
        text = '';
      }
    }
    yield Buffer.from(`${text}],"${'chapters' satisfies keyof PageData}":${JSON.stringify(this.#chapters)}}`);
  }

  #placed({ text, runs = [], offset, endOffset }: Line): PageLine {
    const ms = this.#places.of(Math.max(offset, endOffset - 1)).ms;
    const links = linksOf(runs).map(({ start, end, uri }): PageLink => [start, end, uri]);
    const from = this.#places.of(offset).offset;
    return links.length === 0 ? [ms, from, text] : [ms, from, text, links];
  }

  async *#chunks(): AsyncGenerator<RenderChunk, void, void> {
    for await (const exported of this.#source.chunks()) {
      this.endMs = exported.ms;
      if (exported.type === 'iteration')
        this.#chapters.push({ ms: exported.ms, name: `Iteration ${exported.iteration}` });
      this.#places.add(exported);
      const chunk = renderChunkOf(exported);
      if (chunk !== undefined) yield chunk;
    }
  }
}

const BATCH_CHARS = 64 * 1024;

/** When and where in the recording what the screen was fed came from: it counts its own bytes. */
class Places {
  readonly #places: {
    readonly fed: number;
    readonly ms: number;
    readonly offset: number;
    readonly isDrawn: boolean;
  }[] = [];
  #fed = 0;

  add(exported: PlacedChunk): void {
    const { type, ms, offset } = exported;
    if (type !== 'output' && type !== 'redraw' && type !== 'missing') return;
    this.#places.push({ fed: this.#fed, ms, offset, isDrawn: type === 'redraw' });
    this.#fed += type === 'missing' ? exported.bytes : exported.bytes.length;
  }

  of(fed: number): { readonly ms: number; readonly offset: number } {
    const place = this.#places[firstIndex(this.#places, (other) => other.fed > fed) - 1];
    if (place === undefined) return { ms: 0, offset: 0 };
    // What stood there before what is exported is no byte of it.
    return { ms: place.ms, offset: place.isDrawn ? place.offset : place.offset + fed - place.fed };
  }
}
