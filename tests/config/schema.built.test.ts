import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/config-shape.js';

test('the schema that is published is the one that orch checks by', () => {
  expect(JSON.parse(readFileSync(new URL('../../dist/orch.schema.json', import.meta.url), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(configSchema())),
  );
});
