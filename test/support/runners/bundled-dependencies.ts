import { build } from 'esbuild';
import type { TestRunnerPlugin } from '@web/test-runner';

const prefix = '/__bundled/';

/**
 * Serves packages that a browser cannot load file by file, because parts of them are CommonJS, as one module each.
 * Everything else reaches the browser as it is written.
 */
export function bundledDependencies(packages: Record<string, string>): TestRunnerPlugin {
  const bundles = new Map<string, Promise<string>>();
  return {
    name: 'bundled-dependencies',
    resolveImport({ source }) {
      return source in packages ? `${prefix}${packages[source]}.js` : undefined;
    },
    serve({ path }) {
      const entry = Object.keys(packages).find((name) => path === `${prefix}${packages[name]}.js`);
      if (!entry) return undefined;
      if (!bundles.has(entry)) bundles.set(entry, bundle(entry));
      return bundles.get(entry)!.then((body) => ({ body, type: 'js' }));
    },
  };
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'; export { default } from '${entry}';`, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
