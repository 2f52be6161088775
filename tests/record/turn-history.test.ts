import { describe, expect, test } from 'vitest';
import { TurnHistory } from '../../src/record/status/turn-history.js';

const OVER = { status: 'idle', source: 'osc' } as const;
const WORKS = { status: 'working', source: 'osc' } as const;

describe('the last turn of an agent', () => {
  test('is open where nothing tells that it is over', () => {
    expect(new TurnHistory().end([])).toBe('open');
  });

  test('is over when a line says so', () => {
    expect(new TurnHistory().end([120])).toBe('over');
  });

  test('was interrupted where a line says that it is over just behind Ctrl-C, however often that was typed', () => {
    const turns = new TurnHistory();
    for (const [offset, ms] of [
      [50, 1000],
      [60, 1500],
      [90, 2000],
    ] as const)
      turns.typed('interrupt', offset, ms);
    expect(turns.end([80])).toBe('interrupted');
    expect(turns.endsWithInterrupt).toBe(true);
  });

  test('is over where Ctrl-C comes behind the line, also right behind it', () => {
    const turns = new TurnHistory();
    turns.typed('interrupt', 80, 1000);
    expect(turns.end([80])).toBe('over');
  });

  test('is over where it went on for long after the key, which meant something else', () => {
    const turns = new TurnHistory();
    turns.typed('escape', 50, 1000);
    turns.printed(70, 4000);
    turns.printed(90, 7000);
    expect(turns.end([120])).toBe('over');
    expect(turns.end([85])).toBe('interrupted');
  });

  test('is open where Escape ended nothing, and interrupted where Ctrl-C is the last of all', () => {
    const turns = new TurnHistory();
    turns.typed('escape', 50, 1000);
    expect(turns.end([])).toBe('open');
    turns.typed('interrupt', 50, 1100);
    turns.typed('escape', 50, 1200);
    expect(turns.end([])).toBe('interrupted');
  });

  test('is unknown where the agent was asked again and says nothing more', () => {
    const turns = new TurnHistory();
    turns.typed('prompt', 100, 1000);
    expect(turns.end([50])).toBe('unknown');
    expect(turns.end([50, 150])).toBe('over');
  });

  test('is as the agent tells, where it tells', () => {
    const turns = new TurnHistory();
    turns.reported(OVER, 0);
    expect(turns.end([])).toBe('open');
    turns.reported(WORKS, 10);
    turns.typed('interrupt', 20, 1000);
    turns.reported(OVER, 30);
    expect(turns.end([])).toBe('interrupted');
    turns.reported(WORKS, 40);
    turns.reported(OVER, 50);
    expect(turns.end([])).toBe('over');
  });

  test('does not become over by a line that has stood on the screen before', () => {
    const turns = new TurnHistory();
    const stands = { status: 'done', source: 'screen' } as const;
    turns.reported(stands, 10);
    turns.typed('prompt', 20, 1000);
    turns.reported(stands, 30);
    expect(turns.end([10])).toBe('unknown');
  });
});
