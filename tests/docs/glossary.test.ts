import { describe, expect, test } from 'vitest';
import {
  avoidedWords,
  namesAndCommentsOf,
  pages,
  proseOf,
  readProjectFile,
  sources,
  textsOf,
  usesOf,
} from './words.js';

const GLOSSARY = 'docs/glossary.md';
const words = avoidedWords(readProjectFile(GLOSSARY));

/** What was released is history. */
function unreleased(): string {
  const changelog = readProjectFile('CHANGELOG.md');
  const from = changelog.indexOf('\n## [Unreleased]');
  const to = changelog.indexOf('\n## [', from + 1);
  return changelog.slice(from, to === -1 ? undefined : to);
}

describe('a word that the glossary avoids', () => {
  test('is found in any case, across lines, and not inside of other words', () => {
    expect(words).toEqual(expect.arrayContaining(['part', 'told', 'so many', 'hole']));
    expect(usesOf(['part', 'so many'], 'Parts\npart-time, a Part\nand so\nmany', 'x')).toEqual([
      'x:2: part',
      'x:3: so\nmany',
    ]);
    expect(proseOf('told `told` [x](told.md)\n```text\ntold\n```\ntold <!-- allow: told -->')).toBe(
      'told  [x]\n\n\n\n ',
    );
    expect(textsOf("const part = 'part';\nsay(`the part ${part} told`, counted(2, 'part'));")).toMatchObject([
      { text: 'the part ', line: 2 },
      { text: ' told', line: 2 },
      { text: 'part', line: 2 },
    ]);
  });

  test('does not stand in a page of the docs', () => {
    const others = pages().filter((page) => page !== GLOSSARY);
    expect(others.length).toBeGreaterThan(20);
    expect(others.flatMap((page) => usesOf(words, proseOf(readProjectFile(page)), page))).toEqual([]);
  });

  test('does not stand in what the changelog says of the next version', () => {
    expect(usesOf(words, proseOf(unreleased()), 'CHANGELOG.md')).toEqual([]);
  });

  test('does not stand in help, errors, notes and verdicts', () => {
    const texts = sources().flatMap((file) => textsOf(readProjectFile(file)).map((each) => ({ ...each, file })));
    expect(texts.length).toBeGreaterThan(1000);
    expect(texts.flatMap(({ text, line, file }) => usesOf(words, text, file, line))).toEqual([]);
  });

  test('does not stand in the names and comments of the source', () => {
    expect(namesAndCommentsOf('/** Of a hole. */\nconst toldState = 1; // lane')).toMatchObject([
      { text: '/** Of a hole. */', line: 1 },
      { text: 'told State', line: 2 },
      { text: '// lane', line: 2 },
    ]);
    const texts = sources().flatMap((file) =>
      namesAndCommentsOf(readProjectFile(file)).map((each) => ({ ...each, file })),
    );
    expect(texts.length).toBeGreaterThan(10_000);
    expect(texts.flatMap(({ text, line, file }) => usesOf(words, text, file, line))).toEqual([]);
  });
});
