import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redacting } from '../../src/record/run/redacting.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const SECRET = 'hunter2hunter3';

function redacting() {
  const clock = new ManualClock();
  let out = '';
  const masked = new Redacting({ secrets: [{ name: 'MY_KEY', value: SECRET }], shapes: [] }, clock, (bytes) => {
    expect(bytes.length).toBeGreaterThan(0);
    out += Buffer.from(bytes).toString();
  });
  return {
    clock,
    masked,
    take: (text: string) => {
      masked.take(Buffer.from(text));
    },
    out: () => out,
  };
}

describe('output that is masked', () => {
  test('goes on at once where nothing in it may begin a value', () => {
    const { clock, take, out } = redacting();
    take('all is well\r\n');
    expect([out(), clock.waiting]).toEqual(['all is well\r\n', 0]);
  });

  test('what may be a coincidence waits for 50 ms', () => {
    const { clock, take, out } = redacting();
    take('a hun');
    clock.advance(49);
    expect(out()).toBe('a ');
    clock.advance(1);
    expect(out()).toBe('a hun');
  });

  test('what is likely to be a value waits for two seconds more, then it is masked', () => {
    const { clock, take, out } = redacting();
    take('a hunter2');
    clock.advance(2049);
    expect(out()).toBe('a ');
    clock.advance(1);
    expect(out()).toBe('a *******');
    expect(clock.waiting).toBe(0);
  });

  test('what follows in time makes it whole, and time begins anew with each piece', () => {
    const { clock, take, out } = redacting();
    for (const piece of ['hunt', 'er2h', 'unte']) {
      take(piece);
      clock.advance(2000);
    }
    expect(out()).toBe('');
    take('r3.');
    expect([out(), clock.waiting]).toEqual(['**************.', 0]);
  });

  test('nothing is held back when something happens at its place, or at the end', () => {
    const flushed = redacting();
    flushed.take('hunter2');
    flushed.masked.flush();
    expect([flushed.out(), flushed.clock.waiting]).toEqual(['*******', 0]);
    const ended = redacting();
    ended.take('hunter2');
    ended.masked.end();
    expect([ended.out(), ended.clock.waiting]).toEqual(['hunter2', 0]);
  });

  test('that nobody wants any more is waited for no longer', () => {
    const { clock, masked, take } = redacting();
    take('hun');
    masked[Symbol.dispose]();
    expect(clock.waiting).toBe(0);
  });

  test('keeps its length and never shows a value, however it is cut and whenever its pieces come', () => {
    const piece = fc.tuple(
      fc.constantFrom('hunter2', 'hunter3', 'h', 'unter', ' ', 'x', '\n'),
      fc.constantFrom(0, 10, 49),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { clock, masked, take, out } = redacting();
        for (const [text, ms] of pieces) {
          take(text);
          clock.advance(ms);
        }
        masked.end();
        expect(out().length).toBe(pieces.map(([text]) => text).join('').length);
        expect(out()).not.toContain(SECRET);
        expect(clock.waiting).toBe(0);
      }),
    );
  });
});
