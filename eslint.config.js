import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Only these places may touch the real clock, randomness and environment; see CONTRIBUTING. */
const ambientAllowed = [
  'simulator/kernel/**',
  'cpi/flow/clock.ts',
  'cpi/bin/**',
  'simulator/bin/**',
  'bats-runner/bin/**',
  'bats-runner/specs/contract.spec.ts',
  'bats-runner/specs/playwright.config.ts',
  'bats-runner/contract/*-reporter.ts',
  'ci/**',
  'test/**',
  '*.config.js',
];

const noAmbient = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Take a clock.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take a clock.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Take a random stream.',
  },
  { selector: "MemberExpression[property.name='randomUUID']", message: 'Take an id source.' },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Take the environment.',
  },
  { selector: "CallExpression[callee.name='setTimeout']", message: 'Take a clock.' },
  { selector: "CallExpression[callee.name='setInterval']", message: 'Take a clock.' },
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      'test-results/',
      'playwright-report/',
      'bats-results/',
      'bats-recording/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ambientAllowed,
    rules: { 'no-restricted-syntax': ['error', ...noAmbient] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests look freely into the JSON that programs answer with: a wrong guess fails the test.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', __dirname: 'readonly' } },
  },
);
