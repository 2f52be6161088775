// Compiles src to dist: the library one file per source, and the command as one file, dist/command/bin.js.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`orch needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

rmSync('dist', { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

// Sixty small ES modules take as long to load as node itself: docs/decisions/0003-bundled-command.md.
await build({
  entryPoints: [
    'src/bin.ts',
    'src/backends/demo-agent.ts',
    'src/record/cursor-worker.ts',
    'src/store/log-hash-worker.ts',
  ],
  entryNames: '[name]',
  outdir: 'dist/command',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // Loaded when first needed, and from where npm put them. What is an ES module only has to come along.
  external: ['node-pty', 'commander', 'zod', '@xterm/*'],
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
writeFileSync('dist/command/package.json', '{ "type": "commonjs" }\n');
chmodSync('dist/command/bin.js', 0o755);
