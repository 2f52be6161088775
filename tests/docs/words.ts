import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The pages of the project, as paths from its root. */
export function pages(): readonly string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', 'CONTRIBUTING.md', ...docs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
}

/** The source files, as paths from the root. */
export function sources(): readonly string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.c?ts$/.test(file)).map((file) => `src/${file}`);
}

/** The words and phrases in the columns `avoid` of a glossary. */
export function avoidedWords(glossary: string): readonly string[] {
  let column = -1;
  return glossary
    .split('\n')
    .flatMap((line): readonly string[] => {
      if (!line.startsWith('|')) return [];
      const cells = line.split('|').map((cell) => cell.trim());
      if (cells.includes('avoid')) column = cells.indexOf('avoid');
      const cell = cells[column] ?? '';
      return cell === 'avoid' || /^-+$/.test(cell) ? [] : cell.split(',').map((word) => word.trim());
    })
    .filter((word) => word !== '');
}

/** Each use of one of the words: `PLACE:LINE: WORD`. */
export function usesOf(words: readonly string[], text: string, place: string, line = 1): readonly string[] {
  const pattern = new RegExp(`(?<![\\w-])(?:${words.join('|').replaceAll(' ', '\\s+')})(?![\\w-])`, 'gi');
  return [...text.matchAll(pattern)].map(
    ({ 0: word, index }) => `${place}:${line + text.slice(0, index).split('\n').length - 1}: ${word.toLowerCase()}`,
  );
}

/** The prose of a Markdown page, line by line: without code, addresses, and the words that a comment allows on its line. */
export function proseOf(markdown: string): string {
  let isCode = false;
  return markdown
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) {
        isCode = !isCode;
        return '';
      }
      if (isCode || line.startsWith('    ')) return '';
      const allowed = /<!-- allow: (.*?) -->/.exec(line)?.[1]?.split(', ') ?? [];
      const prose = line
        .replace(/<!--.*?-->/g, '')
        .replace(/`[^`]*`/g, '')
        .replace(/\]\([^)]*\)/g, ']');
      return allowed.reduce((rest, word) => rest.replace(new RegExp(`\\b${word}\\b`, 'gi'), ''), prose);
    })
    .join('\n');
}

/** Texts for people in a source file: its string literals with a blank, and the nouns that `counted` and `groupedCount` put behind a number. */
export function textsOf(source: string): readonly { readonly text: string; readonly line: number }[] {
  const texts: { text: string; line: number }[] = [];
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, true);
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (isText && (/\s/.test(node.text) || isCounted(node)))
      texts.push({ text: node.text, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** The comments of a source file, and its identifiers with their camel case split into words. */
export function namesAndCommentsOf(source: string): readonly { readonly text: string; readonly line: number }[] {
  const found = new Map<number, string>();
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, true);
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(source, node.pos) ?? [])
      found.set(pos, source.slice(pos, end).replace(/`[^`]*`/g, ''));
    for (const { pos, end } of ts.getTrailingCommentRanges(source, node.end) ?? [])
      found.set(pos, source.slice(pos, end).replace(/`[^`]*`/g, ''));
    const isOfAnother = node !== file && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && !isOfAnother)
      found.set(node.getStart(), node.text.replace(/([a-z\d])(?=[A-Z])/g, '$1 ').replaceAll('_', ' '));
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return [...found]
    .toSorted(([a], [b]) => a - b)
    .map(([at, text]) => ({ text, line: file.getLineAndCharacterOfPosition(at).line + 1 }));
}

function isCounted({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isIdentifier(parent.expression) &&
    /^(?:counted|groupedCount)$/.test(parent.expression.text)
  );
}
