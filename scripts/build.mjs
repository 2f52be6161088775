// Compiles src to dist: the library one file per source, and the command as one file, dist/command/bin.js.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleCommand } from './command/bundle.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`orch needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
// Beside the bundles, which take another core a third as long.
const library = once(spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' }), 'exit');

// What reads whole lines: docs/decisions/0027-line-kernel.md.
const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const source = 'src/render/kernel/assembly/line-kernel.ts';
const options = ['--outFile', 'dist/line-kernel.wasm', '-O3', '--runtime', 'stub', '--enable', 'simd'];
const kernel = once(spawn(process.execPath, [asc, source, ...options], { stdio: 'inherit' }), 'exit');

// Loaded when first needed, and from where npm put them.
const EXTERNAL = [
  'node-pty',
  'koffi',
  'commander',
  /^@xterm\//,
  '@resvg/resvg-wasm',
  'omggif',
  /^@modelcontextprotocol\//,
];
/** ES modules of seventy files each: as one, in a place of its own, either loads in a third of the time, and only where it is needed. */
const APART = {
  zod: "export { z } from 'zod';",
  ws: "export { WebSocket, WebSocketServer } from 'ws';",
  yaml: "export { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';",
};

// Sixty small ES modules take as long to load as node itself: docs/decisions/0003-bundled-command.md.
await bundleCommand({ external: EXTERNAL, apart: Object.keys(APART) });
await build({
  entryPoints: {
    'demo-agent': 'src/backends/demo-agent.ts',
    'agent-stream': 'src/backends/agent-stream.ts',
    'clean-worker': 'src/record/viewers/clean-worker.ts',
    'session-leader': 'src/pty/process/session-leader.ts',
    'cursor-worker': 'src/record/viewers/cursor-worker.ts',
    'keyframe-worker': 'src/record/run/keyframe-worker.ts',
    'screen-watch-worker': 'src/record/status/screen-watch-worker.ts',
    'pattern-worker': 'src/view/lines/pattern-worker.ts',
    'hash-program': 'src/store/task/hash-program.ts',
    'segment-hasher-worker': 'src/store/log/segment-hasher-worker.ts',
    'man-page': 'scripts/man-page.ts',
    'orch-schema': 'scripts/orch-schema.ts',
  },
  outdir: 'dist/command',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: [
    'node-pty',
    'koffi',
    'commander',
    './yaml.js',
    './zod.js',
    '@xterm/*',
    '@resvg/resvg-wasm',
    'omggif',
    '@modelcontextprotocol/*',
  ],
  alias: { yaml: './yaml.js', zod: './zod.js' },
  // `require` is ready at once, where the first `import()` starts Node's loader for ES modules.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
});
for (const [name, contents] of Object.entries(APART)) {
  await build({
    stdin: { contents, resolveDir: '.' },
    outfile: `dist/command/${name}.js`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    // ws has what these native modules do in JavaScript, too, and is asked for nothing that needs them.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'warning',
  });
}
for (const compiled of [library, kernel]) {
  const [status] = await compiled;
  if (status !== 0) process.exit(1);
}

writeFileSync('dist/command/package.json', '{ "type": "commonjs" }\n');
copyFileSync('dist/core/process/thread-start.cjs', 'dist/command/thread-start.cjs');
chmodSync('dist/command/bin.js', 0o755);

// What pictures are written in, where no browser brings a font: docs/decisions/0011-pictures.md.
const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
mkdirSync('dist/fonts');
for (const style of ['', '-Bold', '-Oblique', '-BoldOblique']) {
  copyFileSync(join(fonts, `ttf/DejaVuSansMono${style}.ttf`), `dist/fonts/DejaVuSansMono${style}.ttf`);
}
copyFileSync(join(fonts, 'LICENSE'), 'dist/fonts/LICENSE');

// The pages that `orch export` writes carry these in them; nothing is loaded by them later.
const player = dirname(dirname(createRequire(import.meta.url).resolve('asciinema-player')));
mkdirSync('dist/pages');
for (const page of ['html', 'cast-player']) {
  await build({
    stdin: {
      contents: `import './${page}.ts'; import './base.css'; import './${page}.css'; import 'asciinema-player/dist/bundle/asciinema-player.css';`,
      resolveDir: 'src/page',
    },
    outfile: `dist/pages/${page}.js`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox140', 'safari17.5'],
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const script = readFileSync(`dist/pages/${page}.js`, 'utf8');
  if (/<\/script|<!--/i.test(script))
    throw new Error(`dist/pages/${page}.js would end the script element it stands in`);
}
const licences = [
  ['asciinema player, Copyright Marcin Kulik', join(player, 'LICENSE')],
  ['SolidJS', join(dirname(player), 'solid-js/LICENSE')],
];
const texts = licences.map(([name, path]) => `${name}\n\n${readFileSync(path, 'utf8')}`);
writeFileSync('dist/pages/LICENCES.txt', texts.join('\n\n'));

// From the table of commands itself, so that the page says what the help says; the program that prints it is not published.
mkdirSync('dist/man');
writeFileSync('dist/man/orch.1', execFileSync(process.execPath, ['dist/command/man-page.js']));
rmSync('dist/command/man-page.js');

// The same for orch.yml: what editors are told is what orch checks.
writeFileSync('dist/orch.schema.json', execFileSync(process.execPath, ['dist/command/orch-schema.js']));
rmSync('dist/command/orch-schema.js');
