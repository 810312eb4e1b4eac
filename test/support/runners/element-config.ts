import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter, summaryReporter, type TestRunnerConfig } from '@web/test-runner';
import type { BrowserName } from './browsers.js';
import { bundledDependencies } from './bundled-dependencies.js';
import { outcomeReporter } from './element-reporter.js';
import { launcher } from './launchers.js';
import { localOrg } from './local-org.js';
import { freePort } from './ports.js';

const { ELEMENT_TESTS_BROWSER = 'chromium', ELEMENT_TESTS_REPORT } = process.env;

/**
 * How element tests run, for `npx wtr` as for `npm test`.
 *
 * `ELEMENT_TESTS_BROWSER` chooses the browser, `ELEMENT_TESTS_REPORT` a file for the outcome.
 */
export const config: TestRunnerConfig = {
  files: 'test/**/*.browser.ts',
  port: await freePort(),
  browsers: [launcher(ELEMENT_TESTS_BROWSER as BrowserName)],
  // One page at a time: tests look at focus, and the machine may have two cores.
  concurrency: 1,
  concurrentBrowsers: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testFramework: { config: { timeout: '30000' } },
  nodeResolve: { browser: true, exportConditions: ['production'] },
  middleware: [
    // The widget's files are made by the build; the sources look for them beside src/widget/.
    (context, next) => {
      context.url = context.url.replace(/^\/src\/cdn\//, '/dist/cdn/');
      return next();
    },
  ],
  plugins: [
    localOrg(),
    bundledDependencies({ '@okta/okta-auth-js/core': 'auth-js', '@okta/okta-signin-widget/oie': 'widget' }),
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' }),
  ],
  reporters: [
    process.stdout.isTTY ? defaultReporter() : summaryReporter({}),
    ...(ELEMENT_TESTS_REPORT ? [outcomeReporter(ELEMENT_TESTS_REPORT)] : []),
  ],
};
