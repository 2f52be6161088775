/**
 * A reporter for vitest's coverage: a table of how many lines the tests ran, by folder, and the files of which they ran less than half.
 * What runs in processes and threads of its own, as orch does in end-to-end tests, is not counted.
 */
const { dirname, relative } = require('node:path');

module.exports = class CoverageByFolder {
  execute(context) {
    const files = [];
    context.getTree('flat').visit(
      {
        onDetail: (node) => {
          const { covered, total } = node.getFileCoverage().toSummary().lines;
          files.push({ file: relative(process.cwd(), node.getFileCoverage().path), covered, total });
        },
      },
      context,
    );
    console.log(tableOf(files));
  }
};

function tableOf(files) {
  const folders = new Map();
  for (const { file, covered, total } of files) {
    const name = dirname(file);
    const folder = folders.get(name) ?? { covered: 0, total: 0 };
    folders.set(name, { covered: folder.covered + covered, total: folder.total + total });
  }
  const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, lines]) => row(name, lines));
  const little = files.filter(({ covered, total }) => covered * 2 < total).sort((a, b) => (a.file < b.file ? -1 : 1));
  return [
    'Lines that tests ran in their own process; what runs in processes and threads of orch is not counted.',
    ...rows,
    row('all', {
      covered: files.reduce((sum, { covered }) => sum + covered, 0),
      total: files.reduce((sum, { total }) => sum + total, 0),
    }),
    `${little.length} files of which less than half was run:`,
    ...little.map(({ file, ...lines }) => row(file, lines)),
  ].join('\n');
}

function row(name, { covered, total }) {
  const percent = total === 0 ? 100 : Math.floor((100 * covered) / total);
  return `${name.padEnd(44)} ${String(percent).padStart(3)} % of ${String(total).padStart(5)}`;
}
