import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Player, type PlayerOptions } from '../../../src/view/replay/player.js';
import { type Position, START } from '../../../src/view/replay/timeline.js';
import { MemoryTimeline, outputAt } from './memory-timeline.js';

const BEGUN = 1_000_000;

function playerOf(timeline: MemoryTimeline, options: Partial<PlayerOptions> = {}): Player {
  const all = {
    speed: 1,
    idleLimitMs: 2000,
    from: START,
    to: undefined,
    loop: false,
    follow: 'no' as const,
    ...options,
  };
  return new Player(timeline, all, BEGUN);
}

/** Plays without keys; at what time of the clock, after the beginning, each offset was shown. */
function played(player: Player, moves = 1000): readonly (readonly [at: number, offset: number])[] {
  const shown: [number, number][] = [];
  let now = BEGUN;
  for (let move = 0; move < moves && !player.isAtEnd; move++) {
    const { wakeAt } = player;
    if (wakeAt === undefined) break;
    now = Math.max(now, wakeAt);
    const before = player.position;
    if (player.advance(now) !== before) shown.push([now - BEGUN, player.position.offset]);
  }
  return shown;
}

describe('a replay that nobody steers', () => {
  test('shows each change at its time', () => {
    expect(played(playerOf(new MemoryTimeline(outputAt(100, 250, 900))))).toEqual([
      [100, 10],
      [250, 20],
      [900, 30],
    ]);
  });

  test('takes its time by its speed', () => {
    const timeline = new MemoryTimeline(outputAt(100, 250, 900));
    expect(played(playerOf(timeline, { speed: 100 })).map(([at]) => at)).toEqual([1, 2.5, 9]);
    expect(played(playerOf(timeline, { speed: 0.5 })).map(([at]) => at)).toEqual([200, 500, 1800]);
  });

  test('waits no longer than its limit where nothing comes, at the beginning too', () => {
    const timeline = new MemoryTimeline(outputAt(60_000, 60_100, 3_600_000, 3_600_300));
    expect(played(playerOf(timeline)).map(([at]) => at)).toEqual([2000, 2100, 4100, 4400]);
    expect(played(playerOf(timeline, { speed: 2 })).map(([at]) => at)).toEqual([1000, 1050, 2050, 2200]);
  });

  test('plays from one place to another, and the last bytes only as far as they are wanted', () => {
    const timeline = new MemoryTimeline(outputAt(100, 250, 900));
    const from = { offset: 10, resizes: 0, ms: 100 };
    const to = { offset: 25, resizes: 0, ms: 900 };
    expect(played(playerOf(timeline, { from, to }))).toEqual([
      [150, 20],
      [800, 25],
    ]);
  });

  test('begins again at the end where it loops, when its last picture has stood for a while', () => {
    const timeline = new MemoryTimeline(outputAt(100, 250));
    expect(played(playerOf(timeline, { loop: true }), 6)).toEqual([
      [100, 10],
      [250, 20],
      [1250, 0],
      [1350, 10],
      [1500, 20],
      [2500, 0],
    ]);
  });

  test('does not spin where there is nothing to loop', () => {
    const player = playerOf(new MemoryTimeline([]), { loop: true });
    player.advance(BEGUN + 1000);
    expect(player.wakeAt).toBe(BEGUN + 2000);
  });

  test('is late by what it was kept from playing, and never by more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 50 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0.5, 1, 3, 100),
        fc.integer({ min: 0, max: 3000 }),
        (gaps, delays, speed, idleLimitMs) => {
          const times = gaps.map((_, at) => gaps.slice(0, at + 1).reduce((sum, gap) => sum + gap));
          const player = playerOf(new MemoryTimeline(outputAt(...times)), { speed, idleLimitMs });
          const due = gaps.map((_, at) =>
            gaps.slice(0, at + 1).reduce((sum, gap) => sum + Math.min(gap, idleLimitMs) / speed, 0),
          );
          let now = BEGUN;
          for (let round = 0; !player.isAtEnd; round++) {
            now = Math.max(now, player.wakeAt ?? now) + (delays[round % delays.length] ?? 0);
            const { offset } = player.advance(now);
            expect(due.findLastIndex((at) => at <= now - BEGUN - 1e-6)).toBeLessThanOrEqual(offset / 10 - 1);
            expect(due[offset / 10 - 1] ?? 0).toBeLessThanOrEqual(now - BEGUN + 1e-6);
          }
        },
      ),
    );
  });
});

describe('a replay of what is still recorded', () => {
  test('shows what comes as it comes, when it has caught up', () => {
    const timeline = new MemoryTimeline(outputAt(100), { grows: true });
    const player = playerOf(timeline, { follow: 'at-end' });
    expect(player.advance(BEGUN + 100).offset).toBe(10);
    player.advance(BEGUN + 150);
    expect([player.isLive, player.isAtEnd, player.wakeAt]).toEqual([true, false, undefined]);
    timeline.changes.push({ offset: 20, resizes: 0, ms: 90_000 });
    expect(player.advance(BEGUN + 5000).offset).toBe(20);
    timeline.grows = false;
    expect(player.isAtEnd).toBe(true);
  });

  test('can begin with what comes, and go back to what was', () => {
    const timeline = new MemoryTimeline(outputAt(100, 5000, 9000), { grows: true });
    const player = playerOf(timeline, { follow: 'from-now' });
    expect(player.advance(BEGUN).offset).toBe(30);
    player.leap(-5000, BEGUN + 10);
    expect([player.isLive, player.position.offset]).toEqual([false, 10]);
    expect(player.advance(BEGUN + 1010).offset).toBe(20);
  });

  test('ends where it is when it is not followed', () => {
    const player = playerOf(new MemoryTimeline(outputAt(100), { grows: true }));
    player.advance(BEGUN + 100);
    expect(player.isAtEnd).toBe(true);
  });
});

describe('keys', () => {
  const times = [0, 1000, 2000, 3000, 4000, 10_000, 11_000, 20_000];
  const offsetAfter = (steer: (player: Player) => void, options: Partial<PlayerOptions> = {}): number => {
    const player = playerOf(new MemoryTimeline(outputAt(...times)), options);
    player.advance(BEGUN + 2500);
    steer(player);
    return player.position.offset;
  };
  const NOW = BEGUN + 2500;

  test.each([
    ['on', 5000, 50],
    ['back', -5000, 0],
    ['on over the end', 60_000, 80],
  ])('leap %s', (_, ms, offset) => {
    expect(
      offsetAfter((player) => {
        player.leap(ms, NOW);
      }),
    ).toBe(offset);
  });

  test('go to a tenth of what is played', () => {
    const tenth = (digit: number, options: Partial<PlayerOptions> = {}): number =>
      offsetAfter((player) => {
        player.seekTenth(digit, NOW);
      }, options);
    expect([0, 1, 5, 9].map((digit) => tenth(digit))).toEqual([0, 30, 60, 70]);
    const from = { offset: 30, resizes: 0, ms: 2000 };
    const to = { offset: 50, resizes: 0, ms: 4000 };
    expect([0, 5, 9].map((digit) => tenth(digit, { from, to }))).toEqual([30, 40, 40]);
  });

  test('step to the next change and back, and pause', () => {
    const player = playerOf(new MemoryTimeline(outputAt(...times)));
    player.advance(NOW);
    const offsets = ([1, 1, -1, -1, -1, -1, -1] as const).map((direction) => {
      player.step(direction, NOW);
      return player.position.offset;
    });
    expect(offsets).toEqual([40, 50, 40, 30, 20, 10, 0]);
    expect([player.isPaused, player.wakeAt]).toEqual([true, undefined]);
  });

  test('pause in the middle of nothing, and go on there', () => {
    const player = playerOf(new MemoryTimeline(outputAt(1000, 2500)));
    player.advance(BEGUN + 1400);
    player.togglePause(BEGUN + 1400);
    expect([player.advance(BEGUN + 60_000).offset, player.msAt(BEGUN + 60_000)]).toEqual([10, 1400]);
    player.togglePause(BEGUN + 70_000);
    expect(player.wakeAt).toBe(BEGUN + 71_100);
  });

  test('change the speed from where it is, within its limits', () => {
    const player = playerOf(new MemoryTimeline(outputAt(1000, 2800)));
    player.advance(BEGUN + 1400);
    player.changeSpeed(1, BEGUN + 1400);
    expect([player.speed, player.wakeAt]).toEqual([2, BEGUN + 2100]);
    for (let more = 0; more < 20; more++) player.changeSpeed(1, BEGUN + 1400);
    expect(player.speed).toBe(100);
    for (let less = 0; less < 20; less++) player.changeSpeed(-1, BEGUN + 1400);
    expect(player.speed).toBe(0.5);
  });

  test('go from iteration to iteration, and back to the beginning of the one that is on', () => {
    const iterations = [START, ...outputAt(...times).filter((_, at) => at === 2 || at === 5)];
    const player = playerOf(new MemoryTimeline(outputAt(...times), { iterations }));
    player.advance(NOW);
    const offsets = ([1, 1, -1, -1, -1] as const).map((direction) => [
      player.seekIteration(direction, NOW),
      player.position.offset,
    ]);
    expect(offsets).toEqual([
      [true, 60],
      [false, 60],
      [true, 30],
      [true, 0],
      [false, 0],
    ]);
  });

  test('in any order lead to a place of what is played, and on from there', () => {
    type Act = (player: Player, now: number) => void;
    const acts: readonly Act[] = [
      (player, now) => {
        player.togglePause(now);
      },
      (player, now) => {
        player.leap(5000, now);
      },
      (player, now) => {
        player.leap(-5000, now);
      },
      (player, now) => {
        player.step(1, now);
      },
      (player, now) => {
        player.step(-1, now);
      },
      (player, now) => {
        player.changeSpeed(1, now);
      },
      (player, now) => {
        player.seekTenth(7, now);
      },
      (player, now) => player.seekIteration(1, now),
      (player, now) => {
        player.seekOffset(45, now);
      },
    ];
    const from: Position = { offset: 10, resizes: 0, ms: 0 };
    const to: Position = { offset: 70, resizes: 0, ms: 11_000 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...acts), fc.integer({ min: 0, max: 4000 })), { maxLength: 30 }),
        fc.boolean(),
        (steps, loop) => {
          const player = playerOf(new MemoryTimeline(outputAt(...times)), { from, to, loop });
          let now = BEGUN;
          for (const [act, wait] of steps) {
            now += wait;
            player.advance(now);
            act(player, now);
            const { offset, ms } = player.position;
            expect(offset).toBeGreaterThanOrEqual(from.offset);
            expect(offset).toBeLessThanOrEqual(to.offset);
            expect(player.msAt(now)).toBeGreaterThanOrEqual(ms);
            expect(player.msAt(now)).toBeLessThanOrEqual(to.ms);
            if (player.wakeAt !== undefined)
              expect(player.wakeAt).toBeLessThanOrEqual(now + 1000 + 2000 / player.speed);
          }
        },
      ),
    );
  });
});
