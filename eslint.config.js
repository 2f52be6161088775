import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'src/render/kernel/assembly/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: [
            'eslint.config.js',
            '.dependency-cruiser.cjs',
            'scripts/*.mjs',
            'scripts/command/*.cjs',
          ],
        },
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
      eqeqeq: 'error',
    },
  },
  // `process` belongs to the process edge, to what programs import, and to the terminal adapter; everything else is handed
  // what it needs.
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/bin.ts',
      'src/core/process/current-folder.ts',
      'src/backends/demo-agent.ts',
      'src/backends/agent-stream.ts',
      'src/pty/exec/exec.ts',
      'src/pty/process/kill-group.ts',
      'src/pty/process/led-process.ts',
      'src/pty/process/session-leader.ts',
      'src/pty/terminal/user-terminal.ts',
      'src/record/agent.ts',
      'src/store/task/hash-program.ts',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Take it as a parameter; only bin.ts and the terminal adapter touch process.' },
      ],
    },
  },
  // A pattern from outside would be matched by backtracking, which may take for ever: core/pattern compiles it.
  {
    files: ['src/**/*.ts'],
    ignores: ['src/core/pattern/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        {
          selector: "NewExpression[callee.name='RegExp'] > Identifier.arguments",
          message: 'What somebody else wrote goes through compilePattern.',
        },
      ],
    },
  },
  // Terminal formats are made of control characters; config files export a default because their tools ask for it.
  {
    files: ['*.js', '*.cjs', '**/*.cjs', '**/*.mjs', '*.config.ts'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
);
