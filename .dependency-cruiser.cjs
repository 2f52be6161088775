/**
 * The import directions of docs/architecture.md:
 * core ← pty, render, store, backends (never each other) ← record, view, config (never each other) ← cli ← bin;
 * formats, of files that other programs read and write, stand on the model and the kernel of render and below record and view; settings, of what can be asked of orch run, stand between backends and record, config and cli; config is about those alone; keyframes stand between render and store, and record and view.
 */
const layer = (name) => `^src/${name}/`;
/** `orch-pty/render`: re-exports only, of render and of the readers of formats. */
const RENDER_LIBRARY = '^src/render/index\\.ts$';
const forbid = (name, from, to, extra = {}) => ({ name, severity: 'error', from, to, ...extra });

/**
 * The rooms of the larger layers, each with the rooms of its layer that it may import; the files at the top of a layer may import all
 * of them, and none imports those. docs/architecture.md says what lives where.
 */
const ROOMS = {
  core: { items: [], terminal: ['items'], text: ['items'], async: [] },
  pty: { input: [], process: [], exec: ['input', 'process'], terminal: ['input'] },
  render: {
    model: [],
    emulator: ['model'],
    kernel: ['model'],
    'fast-path': ['model', 'emulator', 'kernel'],
    screen: ['model', 'emulator', 'fast-path'],
    redraw: ['model'],
    transcript: ['model', 'screen', 'redraw'],
    pictures: ['model'],
  },
  formats: {
    model: [],
    asciicast: ['model'],
    script: ['model'],
    'json-lines': ['model'],
    ttyrec: ['model'],
    raw: ['model'],
  },
  store: {
    files: [],
    layout: ['files'],
    events: ['files', 'layout'],
    log: ['files', 'events'],
    times: ['files', 'layout', 'events', 'log'],
    task: ['files', 'layout', 'events', 'log', 'times'],
    prune: ['files', 'layout', 'task'],
    archive: ['files', 'layout'],
  },
  record: { status: [], run: ['status'], viewers: ['run', 'status'], import: [] },
  view: {
    print: [],
    input: [],
    lines: ['print'],
    places: ['lines'],
    streams: ['print', 'lines'],
    tasks: ['print', 'lines', 'streams'],
    verify: ['print', 'tasks'],
    export: ['print', 'lines', 'places'],
    replay: ['print', 'lines', 'tasks'],
  },
  cli: {
    options: [],
    output: ['options'],
    man: ['options'],
    completion: ['options'],
    logs: ['options', 'output'],
    attach: ['options'],
    hosting: ['options'],
    run: ['options', 'output', 'logs', 'attach', 'hosting'],
    transfer: ['options', 'output'],
    mcp: ['options', 'output'],
    commands: ['options', 'output', 'man', 'completion', 'logs', 'run', 'attach', 'hosting', 'transfer', 'mcp'],
  },
};
const roomRules = Object.entries(ROOMS).flatMap(([name, rooms]) =>
  Object.entries(rooms).map(([room, imported]) =>
    forbid(
      `${name}-${room}-imports-only-${imported.join('-') || 'nothing-of-its-layer'}`,
      { path: `^src/${name}/${room}/` },
      { path: `^src/${name}/`, pathNot: `^src/${name}/(${[room, ...imported].join('|')})/` },
    ),
  ),
);

module.exports = {
  forbidden: [
    forbid('no-circular', {}, { circular: true }),
    ...roomRules,
    forbid('core-imports-nothing', { path: layer('core') }, { path: '^src/', pathNot: layer('core') }),
    ...['pty', 'render', 'store', 'backends'].map((name) =>
      forbid(
        `${name}-imports-only-core`,
        { path: layer(name), pathNot: RENDER_LIBRARY },
        { path: '^src/', pathNot: `^src/(core|${name})/` },
      ),
    ),
    forbid(
      'formats-imports-only-core-and-the-model-and-kernel-of-render',
      { path: layer('formats') },
      { path: '^src/', pathNot: '^src/(core|formats|render/model|render/kernel)/' },
    ),
    forbid(
      'formats-only-for-record-view-cli-and-the-library',
      { path: '^src/', pathNot: [layer('(formats|record|view|cli)'), RENDER_LIBRARY] },
      { path: layer('formats') },
    ),
    forbid(
      'library-of-render-imports-only-core-render-and-formats',
      { path: RENDER_LIBRARY },
      { path: '^src/', pathNot: '^src/(core|render|formats)/' },
    ),
    forbid(
      'library-of-render-is-for-outsiders',
      { path: '^src/', pathNot: '^src/index\\.ts$' },
      { path: RENDER_LIBRARY },
    ),
    forbid(
      'keyframes-imports-only-core-render-and-store',
      { path: layer('keyframes') },
      { path: '^src/', pathNot: '^src/(core|render|store|keyframes)/' },
    ),
    forbid(
      'host-imports-only-core-pty-store-and-record',
      { path: layer('host') },
      { path: '^src/', pathNot: '^src/(core|pty|store|record|host)/' },
    ),
    forbid(
      'library-of-host-is-for-outsiders',
      { path: '^src/', pathNot: '^src/host/' },
      { path: '^src/host/index\\.ts$' },
    ),
    forbid('nobody-imports-host-but-cli', { path: '^src/', pathNot: '^src/(host|cli)/' }, { path: layer('host') }),
    forbid(
      'ws-one-importer',
      { path: '^src/', pathNot: '^src/host/web-socket\\.ts' },
      { path: 'node_modules/(@types/)?ws/' },
    ),
    forbid('record-never-view-or-cli', { path: layer('record') }, { path: '^src/(view|cli|bin|index)' }),
    forbid('view-never-record-or-cli', { path: layer('view') }, { path: '^src/(record|cli|bin|index)' }),
    forbid(
      'settings-imports-only-core-and-backends',
      { path: layer('settings') },
      { path: '^src/', pathNot: '^src/(core|backends|settings)/' },
    ),
    forbid(
      'view-never-settings',
      { path: '^src/(view|pty|render|store|backends|keyframes)/' },
      { path: layer('settings') },
    ),
    forbid(
      'config-imports-only-core-backends-and-settings',
      { path: layer('config') },
      { path: '^src/', pathNot: '^src/(core|backends|settings|config)/' },
    ),
    forbid(
      'nobody-imports-config-but-cli',
      { path: '^src/', pathNot: '^src/(config|cli)/' },
      { path: layer('config') },
    ),
    forbid('nobody-imports-cli-but-bin', { path: '^src/', pathNot: '^src/(cli/|bin\\.ts)' }, { path: layer('cli') }),
    forbid('nobody-imports-bin', {}, { path: '^src/bin\\.ts' }),
    forbid('index-is-for-outsiders', { path: '^src/' }, { path: '^src/index\\.ts' }),
    forbid(
      'node-pty-one-importer',
      { path: '^src/', pathNot: '^src/pty/process/node-pty\\.ts' },
      { path: 'node_modules/(@lydell/)?node-pty' },
    ),
    forbid(
      'child-process-one-importer',
      { path: '^src/', pathNot: '^src/core/process/spawn\\.ts' },
      { path: '^(node:)?child_process$' },
    ),
    forbid(
      'worker-threads-one-folder',
      { path: '^src/', pathNot: '^src/core/worker/' },
      { path: '^(node:)?worker_threads$' },
    ),
    forbid(
      'koffi-one-importer',
      { path: '^src/', pathNot: '^src/core/process/close-on-exec\\.ts' },
      { path: 'node_modules/(koffi|@koromix)' },
    ),
    forbid(
      'xterm-one-importer',
      { path: '^src/', pathNot: '^src/render/emulator/xterm\\.ts' },
      { path: 'node_modules/@xterm' },
    ),
    forbid('yaml-one-importer', { path: '^src/', pathNot: '^src/config/document\\.ts' }, { path: 'node_modules/yaml' }),
    forbid(
      're2js-and-regexpp-one-importer-each',
      { path: '^src/', pathNot: '^src/core/pattern/' },
      { path: 'node_modules/(re2js|@eslint-community/regexpp)' },
    ),
    forbid(
      'tar-stream-one-folder',
      { path: '^src/', pathNot: '^src/store/archive/' },
      { path: 'node_modules/tar-stream' },
    ),
    forbid(
      'mcp-one-folder',
      { path: '^src/', pathNot: '^src/cli/mcp/' },
      { path: 'node_modules/@modelcontextprotocol' },
    ),
    forbid('commander-only-in-cli', { path: '^src/', pathNot: layer('cli') }, { path: 'node_modules/commander' }),
    forbid('src-never-tests', { path: '^src/' }, { path: '^(tests|scripts)/' }),
    forbid('no-unresolvable', {}, { couldNotResolve: true }),
    forbid('page-stands-alone', { path: layer('page') }, { path: '^src/', pathNot: layer('page') }),
    forbid('of-page-its-data-alone', { path: '^src/', pathNot: layer('page') }, { path: '^src/page/(?!page-data)' }),
    forbid(
      'resvg-one-importer',
      { path: '^src/', pathNot: '^src/render/pictures/rasteriser\\.ts' },
      { path: 'node_modules/@resvg' },
    ),
    forbid(
      'omggif-one-importer',
      { path: '^src/', pathNot: '^src/render/pictures/gif\\.ts' },
      { path: 'node_modules/omggif' },
    ),
    // What a page needs is put into it when orch is built.
    forbid('no-dev-dependency-in-src', { path: '^src/', pathNot: layer('page') }, { dependencyTypes: ['npm-dev'] }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
