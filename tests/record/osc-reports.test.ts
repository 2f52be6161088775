import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OscReport, OscReports } from '../../src/record/status/osc-reports.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function reportsIn(chunks: readonly Uint8Array[]): readonly OscReport[] {
  const reports = new OscReports();
  return chunks.flatMap((chunk) => reports.push(chunk));
}

describe('reports by OSC 7501', () => {
  test.each([
    ['\x9d7501;state=idle\x9c', [{ type: 'state', status: 'idle' }]],
    ['\x1b]0;\x9d7501;state=idle\x07', []],
    ['\x1b]7501;?\x07\x1b]7501;?1\x1b\\', []],
    ['\x1b]7501;state=working:app=x\x07', [{ type: 'state', status: 'working' }]],
    [
      '\x1b]7501;app=x:state=blocked:kind=permission\x1b\\',
      [{ type: 'state', status: 'waiting', reason: 'permission' }],
    ],
    [
      `\x1b]7501;state=blocked:kind=permission:app=x:msg=${base64('Bash(rm -rf build)')}\x07`,
      [{ type: 'state', status: 'waiting', reason: 'permission – Bash(rm -rf build)' }],
    ],
    [
      `\x1b]7501;state=blocked:msg=${base64('Which\ncolour?\x1b[31m \x07')}\x07`,
      [{ type: 'state', status: 'waiting', reason: 'Which colour? [31m' }],
    ],
    ['\x1b]7501;state=blocked:kind=lunch\x07', [{ type: 'state', status: 'waiting' }]],
    [
      `\x1b]7501;state=done:kind=question:msg=${base64('3 files')}\x07`,
      [{ type: 'state', status: 'idle', reason: '3 files' }],
    ],
    ['\x1b]7501;state=blocked:id=build/test\x07\x1b]7501;state=clear:id=build\x07', []],
    [
      'a\x1b]7501;state=done\x07b\x1b]7501;state=idle\x07',
      [
        { type: 'state', status: 'idle' },
        { type: 'state', status: 'idle' },
      ],
    ],
    [
      `\x1b]7501;state=error:msg=${base64('429 — später')}\x07`,
      [{ type: 'state', status: 'failed', reason: '429 — später' }],
    ],
    ['\x1b]7501;state=clear:app=x\x07', [{ type: 'clear' }]],
    ['\x1b]7501;state=tired\x07\x1b]7501;\x07\x1b]750;state=done\x07', []],
    [`\x1b]7501;state=done${'x'.repeat(20_000)}\x07\x1b]7501;state=error\x07`, [{ type: 'state', status: 'failed' }]],
  ])('%j', (output, expected) => {
    expect(reportsIn([Buffer.from(output)])).toEqual(expected);
  });

  test('are found however the output is cut, and between anything', () => {
    const report = fc.constantFrom(
      '\x1b]7501;state=clear\x07',
      '\x1b]7501;state=done:app=a\x07',
      '\x1b]7501;state=error:msg=aGk=\x1b\\',
    );
    const piece = fc.oneof(report, fc.constantFrom('\x1b', '\x1b]', '\x1b]75', 'text', '\x07', '日本'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (pieces, lengths) => {
        const output = Buffer.from(pieces.join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < output.length; turn++) {
          const length = lengths[turn % lengths.length] ?? 1;
          chunks.push(output.subarray(at, at + length));
          at += length;
        }
        expect(reportsIn(chunks)).toEqual(reportsIn([output]));
      }),
    );
  });
});
