import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// The arrows of the house, as CONTRIBUTING.md draws them. Each entry is something a folder may not import.
const authJs = { regex: '^@okta/okta-auth-js', message: 'Only src/session/pkce.ts knows auth-js.' };
const oktaWidget = { regex: '^@okta/okta-signin-widget', message: 'Only src/widget/ knows the Okta widget.' };
const litItself = {
  regex: '^lit(-html|-element)?($|/)',
  allowTypeImports: true,
  message: 'Only the elements and what they render with know Lit.',
};
const node = { regex: '^node:', message: 'This runs in a browser.' };
const org = { regex: '(^|/)org/', message: 'The local org is for Node only; nothing browser-side imports it.' };
const elements = { regex: '/(elements/|define)', message: 'Arrows lead from the elements, not to them.' };
const guard = { regex: '/guard/', message: 'Only the elements ask the guard.' };
const widget = { regex: '/widget/', message: 'Only the elements show the widget.' };
const session = {
  regex: '/session/',
  allowTypeImports: true,
  message: 'The guard decides from what it is given; it does not look things up.',
};
const provider = {
  regex: '/session/(provider|pkce)\\.',
  message: 'Ask the client; only the session talks to the provider.',
};

const browserGlobals = [
  'window',
  'document',
  'location',
  'history',
  'navigator',
  'localStorage',
  'sessionStorage',
  'fetch',
];

function mayNotImport(files, ...patterns) {
  // The rule for imports does not look at import().
  const dynamic = patterns.map(({ regex, message }) => ({
    selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\x2F')}/]`,
    message,
  }));
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
      'no-restricted-syntax': ['error', ...dynamic],
    },
  };
}

function mayNotUse(files, globals, message) {
  const restricted = globals.map((name) => ({ name, message }));
  return { files, rules: { 'no-restricted-globals': ['error', ...restricted] } };
}

const arrows = [
  mayNotImport(['src/*.ts', 'src/define/**'], authJs, oktaWidget, node, org),
  mayNotImport(['src/elements/**'], authJs, provider, oktaWidget, node, org, elements),
  mayNotImport(['src/session/**'], authJs, oktaWidget, litItself, node, org, elements, guard, widget),
  mayNotImport(['src/session/pkce.ts'], oktaWidget, litItself, node, org, elements, guard, widget),
  mayNotImport(['src/guard/**'], authJs, oktaWidget, litItself, node, org, elements, session, widget),
  mayNotImport(['src/widget/**'], authJs, provider, litItself, node, org, elements, guard),
  mayNotImport(['src/widget/build/**'], authJs, oktaWidget, litItself, org, elements, guard),
  // The org lives by itself: nothing above its folder.
  ...['src/org/*.ts', 'src/org/*/*.ts', 'src/org/*/*/*.ts'].map((file, depth) =>
    mayNotImport([file], litItself, authJs, oktaWidget, {
      regex: `^(\\.\\./){${depth + 1}}`,
      message: 'The org imports nothing browser-side.',
    }),
  ),
  mayNotUse(
    [
      'src/guard/**',
      'src/errors.ts',
      'src/session/{config,callback,validate,return-to,transaction,state,loop-breaker}.ts',
    ],
    browserGlobals,
    'This file is pure: what it needs of the browser is handed to it.',
  ),
  mayNotUse(
    ['src/org/**'],
    browserGlobals.filter((name) => name !== 'fetch'),
    'The org runs in Node.',
  ),
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/']),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Methods of elements are handed to Lit as listeners, which binds them.
      '@typescript-eslint/unbound-method': 'off',
      // An interface may want a promise of something that is there already.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/{elements,define,session,widget}/**', 'src/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice'], litA11y.configs.recommended],
    rules: {
      // Lit's own lifecycle methods are always there to be called.
      'wc/guard-super-call': 'off',
    },
  },
  ...arrows,
  {
    // What a request is refused with is told apart by the response itself; the widget wants it so, too.
    files: ['src/session/provider.ts', 'src/widget/http.ts'],
    rules: { '@typescript-eslint/only-throw-error': 'off' },
  },
  {
    files: ['test/**', 'stories/**', 'src/org/**', 'src/deploy/**', 'rollup.config.mjs'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // Node's runner collects what these return by itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'test', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-unused-expressions': 'off',
      // Answers are read as they come; the assertion on them is the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['test/**/*.browser.ts'],
    rules: {
      // open-wc types even `equal` as a promise, though only `accessible` waits for something.
      '@typescript-eslint/no-floating-promises': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "ExpressionStatement > CallExpression[callee.property.name='accessible']",
          message: 'Await it, or it can never fail.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-undef': 'off' },
  },
);
