/** One line of the table of what is promised: a figure of orch, beside that of a peer where it has one, and what it has to reach. */
export interface Target {
  /** As `--only` names it; begins with the name of its bench. */
  readonly name: string;
  readonly bench: string;
  readonly work: string;
  /** As the bench calls it; its end is its unit. */
  readonly figure: string;
  /** What it is measured against; without it the figure counts by itself. */
  readonly beside?: Beside;
  readonly direction: '≥' | '≤';
  readonly target: number;
  /** Where `target` comes from, when it is no round number. */
  readonly because?: string;
}

interface Beside {
  /** A contender of the bench, or `itself`: another figure of orch. */
  readonly peer: string;
  /** The peer's figure; by default the one of the same name. */
  readonly figure?: string;
  readonly as: 'ratio' | 'difference';
}

/** The unit of what is judged. */
export function unitOf({ figure, beside }: Target): string {
  return beside?.as === 'ratio' ? '×' : unitOfFigure(figure);
}

/** What stands behind the last comma of its name. */
export function unitOfFigure(figure: string): string {
  const [, ...rest] = figure.split(', ');
  return rest.at(-1) ?? '';
}

const RATE = 'rate, MB/s';
const CPU = 'CPU, s/GB';
const PEAK = 'peak memory, MiB';
const ANSI2TXT: Beside = { peer: 'ansi2txt', as: 'ratio' };
const SCRIPT_RATE: Beside = { peer: 'script', figure: `live: ${RATE}`, as: 'ratio' };
const SCRIPT_CPU: Beside = { peer: 'script', figure: `live: ${CPU}`, as: 'ratio' };

/**
 * What the build of 2026-11-30 (d46ac64) reached of ansi2txt on the same data, so that a target which is a multiple of it can be judged
 * without that build: both are bound by one core. To measure them again: `--against` a checkout of it.
 */
const BEFORE = { sessions: 0.1, keyframes: 0.05, asciicast: 0.22 };

export const targets: readonly Target[] = [
  rendered('plain', 'plain', 2.5),
  rendered('sgr', 'colours', 2.5),
  rendered('256', '256 colours', 2.5),
  rendered('wide', '500-column lines', 2.5),
  rendered('check', 'one ✓ a line', 1.5),
  rendered('sgr-check', 'one ✓ a line, colours', 1.5),
  rendered('cjk', 'wide characters', 1.5),
  rendered('progress', 'CR progress', 1.5),
  timesBefore(3, BEFORE.sessions, {
    name: 'render-sessions',
    bench: 'render-sessions',
    work: 'render, agent sessions',
  }),
  atMost('render-sessions-memory', 'render-sessions', 'render, agent sessions: peak memory', PEAK, 120),
  {
    name: 'search-fixed',
    bench: 'search',
    work: 'search -F',
    figure: `search: ${RATE}`,
    beside: { peer: 'ansi2txt | grep -F', figure: RATE, as: 'ratio' },
    direction: '≥',
    target: 1,
  },
  {
    name: 'search-logs',
    bench: 'search',
    work: 'logs --no-ansi',
    figure: `logs: ${RATE}`,
    beside: { peer: 'ansi2txt | grep -F', figure: RATE, as: 'ratio' },
    direction: '≥',
    target: 1,
  },
  atMost('search-memory', 'search', 'search -F: peak memory', `search: ${PEAK}`, 120),
  ...captured('raw', 'raw'),
  ...captured('cooked', 'cooked'),
  ...captured('80-byte', '80-byte writes'),
  {
    name: 'start',
    bench: 'start',
    work: 'run -q -- true: time',
    figure: 'time, ms',
    beside: { peer: 'node -e 0', as: 'ratio' },
    direction: '≤',
    target: 1.5,
  },
  ...idling('idle', 'an idle task'),
  ...idling('idle-detached', 'an idle detached task'),
  timesBefore(5, BEFORE.keyframes, { name: 'keyframes', bench: 'keyframes', work: 'index: keyframes made' }),
  atMost('keyframes-size', 'keyframes', 'index: size of keyframes', 'size, % of the log', 5),
  timesBefore(4, BEFORE.asciicast, { name: 'export-asciicast', bench: 'export', work: 'export to asciicast, masked' }),
  atMost('export-memory', 'export', 'export to asciicast: peak memory', PEAK, 120),
  atMost('export-formats-memory', 'export-formats', 'export to other formats: peak memory', PEAK, 120),
  atMost('export-pictures-gif', 'export-pictures', 'export to GIF: time', 'gif, s', 2),
  atMost('export-pictures-png', 'export-pictures', 'export to PNG: time', 'png, s', 2),
  atMost('export-pictures-memory', 'export-pictures', 'export to pictures: peak memory', PEAK, 120),
  atMost('follow-terminal-p50', 'follow', 'line printed → logs -f on a terminal, p50', 'terminal: p50, ms', 20),
  atMost('follow-terminal-p99', 'follow', 'line printed → logs -f on a terminal, p99', 'terminal: p99, ms', 100),
  atMost('follow-pipe-p99', 'follow', 'line printed → logs -f --no-ansi on a pipe, p99', 'pipe: p99, ms', 100),
  atMost('follow-many-cpu', 'follow-many', 'logs -f -A of 100 tasks: CPU', 'CPU, % of a core', 25),
  atMost('follow-many-memory', 'follow-many', 'logs -f -A of 100 tasks: peak memory', PEAK, 200),
  {
    name: 'followers',
    bench: 'followers',
    work: 'an agent with 100 followers: its time, beside alone',
    figure: 'followed: time, s',
    beside: { peer: 'itself', figure: 'alone: time, s', as: 'ratio' },
    direction: '≤',
    target: 1.05,
  },
  atMost('latency-log-p50', 'latency', 'write → log, p50', 'log: p50, ms', 1),
  atMost('latency-log-p99', 'latency', 'write → log, p99', 'log: p99, ms', 5),
  atMost('latency-terminal-p50', 'latency', 'write → own terminal, p50', 'terminal: p50, ms', 1),
  atMost('latency-terminal-p99', 'latency', 'write → own terminal, p99', 'terminal: p99, ms', 5),
  limited('limits-seal', 'rate with limits, beside without', 'default limits, --fsync never'),
  limited('limits-sync', 'the same, synced once a second', 'default limits'),
  // 1 GiB of sealed segments and one that grows.
  atMost('limits-disk', 'limits', 'most on the disk with limits', 'most on the disk, MiB', 1088),
  atMost('limits-memory', 'limits', 'run -q: peak memory', PEAK, 150),
  atMost('memory-unread', 'memory', 'run to a terminal that is not read: peak memory', PEAK, 150),
  {
    name: 'replay-late',
    bench: 'replay',
    work: 'replay, how late, p99: more than',
    figure: 'late: p99, ms',
    beside: { peer: 'a bare timer', as: 'difference' },
    direction: '≤',
    target: 10,
  },
  atMost('replay-end', 'replay', 'replay, how late at the end', 'late at the end, ms', 10),
  atMost('replay-fast', 'replay', 'replay at 100x, how far off', 'off at 100x, %', 1),
  atMost('replay-seek', 'replay-seek', 'replay: key to screen, p99', 'key to screen: p99, ms', 200),
  ...['-n 100', '-n 100 in colours', '--since 5m', '--since 10s'].map((question, at) =>
    atMost(`tail-${at + 1}`, 'tail', `logs ${question} of a long recording`, `${question}: time, ms`, 300),
  ),
];

function rendered(kind: string, content: string, target: number): Target {
  const name = `render-${kind}`;
  return { name, bench: name, work: `render, ${content}`, figure: RATE, beside: ANSI2TXT, direction: '≥', target };
}

function captured(load: string, content: string): readonly Target[] {
  const bench = `capture-${load}`;
  return [
    { how: 'live', as: '' },
    { how: '-q', as: 'quiet-' },
  ]
    .flatMap(({ how, as }): readonly Target[] => [
      {
        name: `${bench}-${as}rate`,
        bench,
        work: `run, ${content}, ${how}: rate`,
        figure: `${how}: ${RATE}`,
        beside: SCRIPT_RATE,
        direction: '≥',
        target: 0.95,
      },
      {
        name: `${bench}-${as}cpu`,
        bench,
        work: `run, ${content}, ${how}: CPU`,
        figure: `${how}: ${CPU}`,
        beside: SCRIPT_CPU,
        direction: '≤',
        target: 1.4,
      },
    ])
    .concat(atMost(`${bench}-end`, bench, `run, ${content}: ends after its agent`, 'ends after its agent, ms', 100));
}

function limited(name: string, work: string, variant: string): Target {
  const beside: Beside = { peer: 'itself', figure: `no limit, --fsync never: ${RATE}`, as: 'ratio' };
  return { name, bench: 'limits', work, figure: `${variant}: ${RATE}`, beside, direction: '≥', target: 0.9 };
}

function atMost(name: string, bench: string, work: string, figure: string, target: number): Target {
  return { name, bench, work, figure, direction: '≤', target };
}

function idling(bench: string, work: string): readonly Target[] {
  return [
    atMost(`${bench}-memory`, bench, `${work}: memory`, 'memory, MB PSS', 10.5),
    {
      name: `${bench}-threads`,
      bench,
      work: `${work}: threads more than`,
      figure: 'threads',
      beside: { peer: 'idle node', as: 'difference' },
      direction: '≤',
      target: 4,
    },
    atMost(`${bench}-cpu`, bench, `${work}: CPU`, 'CPU, % of a core', 0.02),
  ];
}

function timesBefore(factor: number, before: number, line: Pick<Target, 'name' | 'bench' | 'work'>): Target {
  const target = Math.round(factor * before * 100) / 100;
  const because = `${factor} × the ${before} of 2026-11-30`;
  return { ...line, figure: RATE, beside: ANSI2TXT, direction: '≥', target, because };
}
