import { expect, test } from 'vitest';
import { refusalOfName, takesAnothersPlace } from '../../src/core/text/task-name.js';

test.each([
  'fix-tests',
  'nightly',
  'v1.2',
  'v1..2',
  'ends.',
  'tests',
  '_private',
  'task_1',
  '2026-fix',
  'latest-2',
  'c++',
  'me@home:8080',
  'issue#12,13',
  'a~1',
  'key=value',
  '100%',
  '日本',
  '👩‍💻',
  'x'.repeat(100),
  '日'.repeat(85),
])('%s is a name', (name) => {
  expect(refusalOfName(name)).toBeUndefined();
});

test.each([
  ['', 'it is empty'],
  ['two words', 'it has a blank in it'],
  ['a\nb', 'it has a blank in it'],
  ['a\x1b[m', 'it has an invisible character in it'],
  ['a\u202eb', 'it has an invisible character in it'],
  ['a/b', 'it has a slash in it'],
  ['../up', 'it has a slash in it'],
  ['-n', 'it begins with a dash, as flags do'],
  ['-', 'it begins with a dash, as flags do'],
  ['--', 'it begins with a dash, as flags do'],
  ['.', 'it begins with a dot, as . and .. and hidden files do'],
  ['..', 'it begins with a dot, as . and .. and hidden files do'],
  ['...', 'it begins with a dot, as . and .. and hidden files do'],
  ['.hidden', 'it begins with a dot, as . and .. and hidden files do'],
  ['a\\b', 'it has a \\ in it, which means something to a shell'],
  ['~', 'it begins with ~, which means something to a shell'],
  ['~me', 'it begins with ~, which means something to a shell'],
  ['#12', 'it begins with #, which means something to a shell'],
  ['=ls', 'it begins with =, which means something to a shell'],
  ['日'.repeat(86), 'it is longer than 255 bytes'],
  ['latest', 'it stands for another task'],
  ['task-1790000000-1', 'it stands for another task'],
  ['task-runner', 'it stands for another task'],
  ['task', 'it stands for another task'],
  ['1790000000-1', 'it stands for another task'],
  ['17', 'it stands for another task'],
  ['x'.repeat(101), 'it is longer than 100 characters'],
])('%j is none', (name, why) => {
  expect(refusalOfName(name)).toBe(why);
});

test.each('*?[]{}()<>|&;$`\'"!^'.match(/./g) ?? [])('a name with a %s in it is none', (character) => {
  expect(refusalOfName(`a${character}b`)).toBe(`it has a ${character} in it, which means something to a shell`);
  expect(refusalOfName(character)).toBe(`it has a ${character} in it, which means something to a shell`);
});

test('the beginning of an id means that, with task- and without', () => {
  const id = 'task-1790000000-12';
  for (let end = 1; end <= id.length; end++) expect(takesAnothersPlace(id.slice(0, end))).toBe(true);
  for (let end = 6; end <= id.length; end++) expect(takesAnothersPlace(id.slice(5, end))).toBe(true);
});
