import { pages, readProjectFile } from './words.js';

/** A block of code on a page. */
export interface Fence {
  readonly page: string;
  /** Counted from 1, of its first line of code. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** The blocks of code of the pages that people are to copy from: all but the decisions. */
export function fences(): readonly Fence[] {
  return pages()
    .filter((page) => !page.startsWith('docs/decisions/'))
    .flatMap((page) => {
      const text = readProjectFile(page);
      return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(({ 1: language = '', 2: code = '', index }) => ({
        page,
        line: text.slice(0, index).split('\n').length + 1,
        language,
        code,
      }));
    });
}
