/**
 * Sessions as coding agents have them on a terminal of 80 by 24, one after the other, until there are this many bytes: an interface
 * that redraws its last rows, one on the alternate screen, text that comes word by word, and builds with their progress. Made up, and
 * the same each time.
 */
export function agentSessions(bytes: number): string {
  const random = randomNumbers(1);
  const sessions: string[] = [];
  for (let n = 0, length = 0; length < bytes; n++) {
    const session = SESSIONS[n % SESSIONS.length]?.(random) ?? '';
    sessions.push(session);
    length += Buffer.byteLength(session);
  }
  return sessions.join('');
}

type Random = (below: number) => number;

const SESSIONS: readonly ((random: Random) => string)[] = [inline, streamed, fullScreen, build];

const SPINNER = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏');
const WIDTH = 78;

/** Answers and tools above, a spinner, a box for the prompt and a status line beneath, which are drawn again at each change. */
function inline(random: Random): string {
  const out = ['\x1b[?25l\x1b[?2004h\x1b]0;✳ agent\x07'];
  let rows = 0;
  for (let tick = 0; tick < 600; tick++) {
    const above = random(4) === 0 ? [answerLine(random)] : [];
    const spinner = SPINNER[tick % SPINNER.length] ?? '';
    const below = [
      '',
      `\x1b[35m${spinner}\x1b[39m Working… \x1b[2m(${tick / 10}s · ↓ ${tick * 17} tokens · esc to interrupt)\x1b[22m`,
      `\x1b[2m╭${'─'.repeat(WIDTH - 2)}╮\x1b[22m`,
      `\x1b[2m│\x1b[22m > ${' '.repeat(WIDTH - 5)}\x1b[2m│\x1b[22m`,
      `\x1b[2m╰${'─'.repeat(WIDTH - 2)}╯\x1b[22m`,
      `  \x1b[2m? for shortcuts\x1b[22m\x1b[60G${random(100)}% context left`,
    ];
    out.push(
      `\x1b[?2026h${'\x1b[2K\x1b[1A'.repeat(rows)}\x1b[2K\x1b[G`,
      [...above, ...below].join('\n'),
      '\n\x1b[?2026l',
    );
    rows = below.length;
  }
  out.push('\x1b[?2004l\x1b[?25h');
  return out.join('');
}

/** Text as a model sends it, a few words a write, and what tools print in between. */
function streamed(random: Random): string {
  const out: string[] = [];
  for (let turn = 0; turn < 60; turn++) {
    out.push(`\x1b[1m${sentence(random, 5)}\x1b[0m\n\n`);
    for (let line = 0; line < 12; line++) out.push(`${sentence(random, 4 + random(12))}${random(3) === 0 ? '' : '\n'}`);
    out.push(`\n\n\x1b[2m$ \x1b[22mgit diff ${word(random)}.ts\n`);
    for (let line = 0; line < 20; line++) {
      const [mark, colour] = random(2) === 0 ? ['+', 22] : ['-', 52];
      out.push(
        `\x1b[48;5;${colour}m\x1b[38;5;250m${String(line + 40).padStart(4)} ${mark} ${sentence(random, 7)}\x1b[0m\n`,
      );
    }
  }
  return out.join('');
}

/** Panels at fixed places, in true colour, of which each frame changes a few rows. */
function fullScreen(random: Random): string {
  const out = ['\x1b[?1049h\x1b[?25l\x1b[2J'];
  for (let frame = 0; frame < 400; frame++) {
    out.push('\x1b[?2026h');
    const changed = frame % 20 === 0 ? 22 : 2 + random(5);
    for (let row = 0; row < changed; row++) {
      const at = 1 + ((frame + row) % 22);
      const grey = 20 + random(20);
      out.push(
        `\x1b[${at};3H\x1b[48;2;${grey};${grey};${grey + 8}m\x1b[38;2;${200 + random(50)};${180 + random(60)};150m`,
        sentence(random, 8).slice(0, 60).padEnd(60),
        '\x1b[0m',
      );
    }
    out.push(`\x1b[24;1H\x1b[7m ${SPINNER[frame % SPINNER.length] ?? ''} ${frame} \x1b[K\x1b[0m\x1b[?2026l`);
  }
  out.push('\x1b[?25h\x1b[?1049l');
  return out.join('');
}

/** Compilers and tests: lines in colours, now and then a line that is drawn over itself. */
function build(random: Random): string {
  const out: string[] = [];
  for (let step = 0; step < 300; step++) {
    out.push(
      `\x1b[32m✓\x1b[39m ${word(random)}/${word(random)}.test.ts \x1b[2m(${random(40)} tests)\x1b[22m ${random(900)} ms\n`,
    );
    if (step % 10 !== 0) continue;
    for (let done = 0; done <= 100; done += 4)
      out.push(`\r\x1b[K[${'='.repeat(done / 4).padEnd(25)}] ${done}% ${word(random)}`);
    out.push('\n');
  }
  return out.join('');
}

function answerLine(random: Random): string {
  return random(5) === 0 ? `\x1b[32m●\x1b[39m \x1b[1mBash\x1b[22m(${sentence(random, 3)})` : `  ${sentence(random, 9)}`;
}

function sentence(random: Random, count: number): string {
  return Array.from({ length: count }, () => word(random)).join(' ');
}

function word(random: Random): string {
  return WORDS[random(WORDS.length)] ?? '';
}

const WORDS =
  'the function reads each file of the project and returns a list with its imports so that a test fails when two modules know each other — naïve “quotes” were parsed wrongly before'.split(
    ' ',
  );

/** A linear congruential generator (Numerical Recipes): numbers from 0 up to, not including, the one given. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
