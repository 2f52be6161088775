import type { ExportFormat } from '../export-format.js';

/** Everything a task can be exported as, in the order of `orch export --help`. */
export const exportFormats: readonly ExportFormat[] = [
  {
    name: 'asciicast-v3',
    endings: [],
    description: 'for asciinema 3: output at its times, sizes, iterations, exit code',
    isText: true,
    load: async () => (await import('../../../formats/asciicast/write-asciicast.js')).writeAsciicast3,
  },
  {
    name: 'asciicast-v2',
    endings: ['cast'],
    description: 'the same for every asciinema since 2.0, and most other players',
    isText: true,
    load: async () => (await import('../../../formats/asciicast/write-asciicast.js')).writeAsciicast2,
  },
  {
    name: 'script',
    endings: ['script', 'typescript'],
    description: 'a typescript and FILE.timing, for scriptreplay(1)',
    isText: false,
    beside: 'timing',
    load: async () => (await import('../../../formats/script/write-typescript.js')).writeTypescript,
  },
  {
    name: 'text',
    endings: ['txt', 'text'],
    description: 'the lines as orch logs prints them',
    isText: true,
    load: async () => (await import('./lines.js')).writeText,
  },
  {
    name: 'ansi',
    endings: ['ansi', 'ans'],
    description: 'the same in colour, for less -R',
    isText: true,
    load: async () => (await import('./lines.js')).writeAnsi,
  },
  {
    name: 'json',
    endings: ['json', 'jsonl', 'ndjson'],
    description: 'everything, one JSON object a line; no byte is lost',
    isText: true,
    load: async () => (await import('../../../formats/json-lines/write-json-lines.js')).writeJsonLines,
  },
  {
    name: 'html',
    endings: ['html', 'htm'],
    description: 'a page that plays it, with its text to search and copy; needs no network',
    isText: true,
    load: async () => (await import('./html.js')).writeHtml,
  },
  {
    name: 'cast-player',
    endings: [],
    description: 'a page with the asciinema player alone',
    isText: true,
    load: async () => (await import('./html.js')).writeCastPlayer,
  },
  {
    name: 'svg',
    endings: ['svg'],
    description: 'an animated picture, for a README; still with --at',
    isText: true,
    hasStill: true,
    load: async () => (await import('./pictures.js')).writeSvg,
  },
  {
    name: 'gif',
    endings: ['gif'],
    description: 'the same, where SVG is not accepted',
    isText: false,
    load: async () => (await import('./pictures.js')).writeGif,
  },
  {
    name: 'png',
    endings: ['png'],
    description: 'a picture of the screen at the end, or --at',
    isText: false,
    hasStill: true,
    load: async () => (await import('./pictures.js')).writePng,
  },
  {
    name: 'tar',
    endings: ['tar'],
    description: 'the whole task, byte for byte, for orch import elsewhere',
    isText: false,
    isWhole: true,
    load: async () => (await import('./tar.js')).writeTar,
  },
];

/** The format that a file is taken for, by its ending. */
export function formatOfFile(path: string): ExportFormat | undefined {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return exportFormats.find(({ endings }) => ending !== undefined && endings.includes(ending));
}
