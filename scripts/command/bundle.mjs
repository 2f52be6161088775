// Bundles `orch` itself into dist/command: what one command loads lies in a few files, and no command loads what only others need.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';

const FOLDER = 'dist/command';
const COMMANDS = 'src/cli/commands';

/**
 * Writes orch.js, its parts, and bin.js, which loads it. `external`: modules that stay outside; `apart`: those that are one file each,
 * `./NAME.js`. Returns nothing.
 */
export async function bundleCommand({ external, apart }) {
  const groups = Object.entries(await partsOf()).map(([name, files], at, all) => ({
    name,
    // What the bundler adds by itself has no path.
    test: (id) => (id.startsWith('\0') ? name === 'start' : files.has(relative('.', id).split(sep).join('/'))),
    priority: all.length - at,
  }));
  const bundle = await rolldown({
    input: { orch: 'src/bin.ts' },
    platform: 'node',
    external,
    preserveEntrySignatures: 'allow-extension',
    transform: { target: 'node20' },
    plugins: [
      {
        name: 'apart',
        resolveId: (name) => (apart.includes(name) ? { id: `./${name}.js`, external: true } : undefined),
      },
    ],
    // That both a static and a lazy import of a module are there is no news.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.write({
    dir: FOLDER,
    format: 'cjs',
    exports: 'named',
    chunkFileNames: '[name].js',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { includeDependenciesRecursively: false, groups },
    // `require` is ready at once, where the first `import()` starts Node's loader for ES modules.
    dynamicImportInCjs: false,
  });
  const hash = createHash('sha256');
  for (const { fileName } of output) {
    const code = readFileSync(`${FOLDER}/${fileName}`, 'utf8');
    hash.update(fileName).update(code);
    // Of what is not ASCII V8 keeps two bytes a character: the start takes longer.
    const ascii = code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    writeFileSync(`${FOLDER}/${fileName}`, ascii);
  }
  copyFileSync('scripts/command/bin.cjs', `${FOLDER}/bin.js`);
  const bin = readFileSync('scripts/command/bin.cjs', 'utf8');
  writeFileSync(`${FOLDER}/bin.js`, bin.replace("'BUNDLE_HASH'", `'${hash.digest('hex').slice(0, 16)}'`));
}

/**
 * The files that are written as one, by its name: a module is in the first that has it. Each has with a module all that this
 * loads at once, or has that before it, so that no two of them need each other.
 */
async function partsOf() {
  const { metafile } = await build({
    entryPoints: ['src/bin.ts'],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: FOLDER,
  });
  const loadedBy = (...files) => {
    const loaded = new Set();
    for (const rest = [...files]; rest.length > 0; ) {
      const file = rest.pop();
      if (loaded.has(file)) continue;
      loaded.add(file);
      const imports = metafile.inputs[file].imports.filter(
        ({ kind, external }) => kind === 'import-statement' && !external,
      );
      rest.push(...imports.map(({ path }) => path));
    }
    return loaded;
  };
  const run = loadedBy(`${COMMANDS}/run.ts`, 'src/cli/run/run-attended.ts');
  const session = loadedBy('src/cli/attach/attach-session.ts', 'src/host/host-client.ts', 'src/host/stream-channel.ts');
  const record = loadedBy('src/cli/run/run-hosted.ts', 'src/cli/run/run-here.ts');
  const tasks = loadedBy(`${COMMANDS}/ls.ts`);
  const logs = loadedBy(`${COMMANDS}/logs.ts`, `${COMMANDS}/show.ts`);
  const isRead = (file) => tasks.has(file) || logs.has(file);
  return {
    start: new Set([
      ...[...loadedBy('src/bin.ts')].filter((file) => file !== 'src/bin.ts'),
      ...[...run, ...session].filter(isRead),
    ]),
    // What writes and what reads have in common.
    store: new Set([...record].filter(isRead)),
    run: new Set([...run, ...[...session].filter((file) => record.has(file))]),
    session,
    record,
    // By itself, so that its failure, where its native module is missing, is its importer's.
    pty: loadedBy('src/pty/process/node-pty.ts'),
    tasks,
    logs,
    text: loadedBy('src/cli/logs/logs-lines.ts', 'src/view/lines/transcript-lines.ts', `${COMMANDS}/search.ts`),
  };
}
