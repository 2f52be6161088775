import { expect, test } from 'vitest';
import { isForeign } from '../../src/core/process/foreign-owner.js';

test.each([
  ["one's own", 1000, { uid: 1000, sudoUid: undefined }, false],
  ["root's", 0, { uid: 1000, sudoUid: undefined }, false],
  ["another's", 1001, { uid: 1000, sudoUid: undefined }, true],
  ["another's, whom sudo(8) has called before", 1001, { uid: 1000, sudoUid: '1001' }, true],
  ["another's, for root", 1000, { uid: 0, sudoUid: undefined }, true],
  ['that of who became root by sudo(8)', 1000, { uid: 0, sudoUid: '1000' }, false],
  ["another's, for who became root by sudo(8)", 1001, { uid: 0, sudoUid: '1000' }, true],
  ["another's, where SUDO_UID is no number", 1000, { uid: 0, sudoUid: ' 1000' }, true],
  ['anything, where there are no users', 1001, { uid: undefined, sudoUid: undefined }, false],
])('%s', (_, owner, user, foreign) => {
  expect(isForeign(owner, user)).toBe(foreign);
});
