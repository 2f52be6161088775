import { expect, test } from 'vitest';
import { secretVariables } from '../../../src/core/redact/secret-variables.js';

test('variables that are called like a secret are one, unless their value plainly is none', () => {
  const env = {
    OPENAI_API_KEY: 'abcdefgh',
    TOKEN: 'abcdefgh1',
    db_password: 'abcdefgh2',
    npm_config__authToken: 'abcdefgh3',
    GOOGLE_CREDENTIALS: '{"a":"b"}',
    SHORT_KEY: 'abcdefg',
    MAX_TOKEN: '100000000',
    PULL_SECRET: 'disabled',
    SSH_KEY: '/home/me/.ssh/id',
    OTHER_KEY: '/not/there/but/secret',
    MONKEY: 'abcdefgh4',
    PWD: '/some/where',
    PATH: '/usr/bin:/bin',
    UNSET_KEY: undefined,
  };
  const names = secretVariables(env, (path) => path.startsWith('/home')).map(({ name }) => name);
  expect(names).toEqual([
    'OPENAI_API_KEY',
    'TOKEN',
    'db_password',
    'npm_config__authToken',
    'GOOGLE_CREDENTIALS',
    'OTHER_KEY',
  ]);
});
