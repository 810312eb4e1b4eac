// Builds what plain pages load, as ES modules: dist/cdn/, the whole package with one script tag, and dist/frame/, a page
// for a sign-in origin. `tsc -p tsconfig.build.json` builds the rest of dist/, for bundlers and Node.
import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'terser';
import { tsImport } from 'tsx/esm/api';

const require = createRequire(import.meta.url);
/** Module id of the widget bundled on its own, and what went into it. */
const widgetBundle = 'okta-sign-in.js';
const widgetModules = new Set();
/** Made once, for every folder. */
let bundledWidget;
let bundledGeneration3;

const widgetDist = join(dirname(require.resolve('@okta/okta-signin-widget/package.json')), 'dist');

/** @type {import('rollup').RollupOptions[]} */
export default [
  folder('dist/cdn', { 'okta-elements': 'src/cdn.ts' }, { sourcemap: true }),
  // The page for a sign-in origin. It is deployed alone, so it has all it needs beside it.
  folder('dist/frame', { frame: 'src/widget/frame/page/main.ts' }, { plugins: [framePage()] }),
];

/** Builds what plain pages load: entries of plain names, and chunks that can be cached for ever. */
function folder(dir, input, { sourcemap = false, plugins = [] } = {}) {
  return {
    input,
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir,
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: ({ name, moduleIds }) => `${readableName(name, moduleIds)}.[hash].js`,
      sourcemap,
    },
    plugins: [
      widgetAlone(),
      widgetGeneration3(),
      smallStyles(),
      ...resolution(),
      widgetAssets(),
      esbuild({ target: 'es2022', minify: true, legalComments: 'none' }),
      minifiedAgain(),
      ...plugins,
      thirdPartyNotices(),
      selfContained(),
      integrity(),
    ],
    onwarn,
  };
}

function resolution() {
  return [nodeResolve({ browser: true, exportConditions: ['production'] }), commonjs()];
}

function onwarn(warning, warn) {
  if (warning.code === 'CIRCULAR_DEPENDENCY' && warning.ids.every((id) => id.includes('node_modules'))) return;
  if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
  warn(warning);
}

/** A chunk is named after what it brings, so that a network log can be read. */
function readableName(name, moduleIds) {
  if (moduleIds.includes(widgetBundle)) return 'widget';
  if (moduleIds.some((id) => /session[\\/]verbs\.ts$/.test(id))) return 'verbs';
  return name;
}

/**
 * Bundles the widget on its own first. It uses other releases of auth-js and of some small libraries that auth-js uses
 * too; were these shared, both would have to wait for further files, though the two are seldom needed on one page.
 */
function widgetAlone() {
  const entry = '@okta/okta-signin-widget/oie';
  return {
    name: 'widget-alone',
    resolveId: (source) => (source === entry ? widgetBundle : null),
    async load(id) {
      if (id !== widgetBundle) return null;
      return (bundledWidget ??= bundleWidget(entry));
    },
  };
}

async function bundleWidget(input) {
  const bundle = await rollup({ input, plugins: resolution(), onwarn });
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true, sourcemap: true });
  await bundle.close();
  output[0].moduleIds.forEach((moduleId) => widgetModules.add(moduleId));
  const { trustSinks, PRELUDE_LINES } = await trustedTypes();
  const map = JSON.parse(output[0].map.toString());
  return { code: trustSinks(output[0].code), map: { ...map, mappings: ';'.repeat(PRELUDE_LINES) + map.mappings } };
}

/** Has the widget's code run where only trusted texts may be written as HTML. */
function trustedTypes() {
  return tsImport('./src/widget/build/trusted-types.ts', import.meta.url);
}

/**
 * Generation 3 is published as a script alone, 4 MB in one piece. It becomes a module as it is, but for what `build/`
 * does to it: it shares nothing with ours. Its name has no hash, because `dist/`, which tsc
 * makes, imports the same file.
 */
function widgetGeneration3() {
  const imported = '../cdn/widget-3.js';
  const fileName = 'widget-3.js';
  return {
    name: 'widget-generation-3',
    resolveId: (source) => (source === imported ? { id: `./${fileName}`, external: 'relative' } : null),
    async generateBundle() {
      const source = await (bundledGeneration3 ??= bundleGeneration3());
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

async function bundleGeneration3() {
  const script = await readFile(join(widgetDist, 'js/okta-sign-in.next.no-polyfill.js'), 'utf8');
  const telemetry = /^!function\(\)\{try\{.*_sentryDebugIds.*$/m;
  if (!telemetry.test(script)) throw new Error('The script of generation 3 does not look as it did.');
  const umd = script.replace(telemetry, '').replace(/^\/\/# (sourceMappingURL|debugId)=.*$/gm, '');
  const module = `const module={exports:{}},exports=module.exports;\n${umd.trim()}\nexport default module.exports;\n`;
  const { trustSinks } = await trustedTypes();
  const { pinSizes } = await tsImport('./src/widget/build/pin-sizes.ts', import.meta.url);
  const { withoutPolyfills } = await tsImport('./src/widget/build/without-polyfills.ts', import.meta.url);
  return trustSinks(pinSizes(withoutPolyfills(module)));
}

/** What esbuild leaves, terser makes smaller still: of the widget, which is large, 11 KB of 222 with brotli. */
function minifiedAgain() {
  return {
    name: 'minified-again',
    async renderChunk(code) {
      // No function of ours, of Lit or of what is taken of auth-js is a constructor in disguise, or asked for its length.
      const own = { passes: 3, hoist_funs: true, keep_fargs: false, unsafe_arrows: true, unsafe_methods: true };
      const compress = code.length > 100_000 ? {} : own;
      const small = await minify(code, { module: true, ecma: 2022, compress, sourceMap: true });
      return { code: small.code, map: JSON.parse(small.map) };
    },
  };
}

/** Styles of elements, without what only their readers need. */
function smallStyles() {
  const small = (styles) =>
    styles
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,]) ?/g, '$1')
      .replace(/: /g, ':')
      .replace(/;}/g, '}')
      .replace(/='([\w-]+)'\]/g, '=$1]')
      .replace(/(?<=[ :,(-])0\.(?=\d)/g, '.')
      .trim();
  return {
    name: 'small-styles',
    transform: (code, id) =>
      /[\\/]src[\\/]elements[\\/]/.test(id)
        ? { code: code.replace(/\bcss`([^`]*)`/g, (_, styles) => `css\`${small(styles)}\``), map: null }
        : null,
  };
}

/** Fonts, images, texts and the stylesheet of the widget, so that a page asks no host its author did not name. */
function widgetAssets() {
  const elsewhere = "'../cdn/widget/'";
  return {
    name: 'widget-assets',
    transform(code, id) {
      if (!/[\\/]src[\\/]widget[\\/]assets\.ts$/.test(id)) return null;
      if (!code.includes(elsewhere))
        this.error(`expected ${elsewhere}, to be replaced by the folder beside the chunks`);
      return { code: code.replace(elsewhere, "'./widget/'"), map: null };
    },
    async generateBundle() {
      const folders = [
        ['font', /\.woff2?$/],
        ['img', /./],
        ['labels/json', /\.json$/],
        ['altcha', /./],
      ];
      for (const [folder, wanted] of folders) {
        for (const file of await filesIn(join(widgetDist, folder))) {
          if (!wanted.test(file)) continue;
          const source = await readFile(join(widgetDist, folder, file));
          this.emitFile({ type: 'asset', fileName: `widget/${folder}/${file}`, source });
        }
      }
      const { widgetStylesheet, widgetStylesheet3 } = await tsImport(
        './src/widget/build/stylesheet.ts',
        import.meta.url,
      );
      const css = await readFile(join(widgetDist, 'css/okta-sign-in.min.css'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'widget/css/okta-sign-in.css', source: widgetStylesheet(css) });
      const css3 = await readFile(join(widgetDist, 'css/okta-sign-in.next.css'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'widget/css/okta-sign-in-3.css', source: widgetStylesheet3(css3) });
    },
  };
}

/** The document of the frame, and its stylesheet. `okta-frame` (src/deploy) makes the one that is deployed from it. */
function framePage() {
  return {
    name: 'frame-page',
    async generateBundle() {
      for (const fileName of ['index.html', 'frame.css']) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(`src/widget/frame/page/${fileName}`) });
      }
    },
  };
}

/** The licences of everything bundled, as they ask for. */
function thirdPartyNotices() {
  return {
    name: 'third-party-notices',
    async generateBundle(_, bundle) {
      const moduleIds = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
      const packageRoot = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
      const roots = new Set([...moduleIds, ...widgetModules].map((id) => packageRoot.exec(id)?.[1]).filter(Boolean));
      const notices = new Map();
      for (const root of roots) {
        const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
        const file = (await readdir(root)).find((entry) => /^(licen[sc]e|copying)(\.|-|$)/i.test(entry));
        const text = file ? await readFile(join(root, file), 'utf8') : '';
        notices.set(`${name}@${version}`, `${name} ${version} (${license})\n\n${text.trim()}\n`);
      }
      const source = [...notices.keys()]
        .sort()
        .map((key) => notices.get(key))
        .join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'third-party-licenses.txt', source });
    },
  };
}

/** A page has no package manager: every import must lead to a file beside the importer. */
function selfContained() {
  return {
    name: 'self-contained',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const left = [...chunk.imports, ...chunk.dynamicImports].filter(
          (file) => !(file.replace(/^\.\//, '') in bundle),
        );
        if (left.length > 0) this.error(`${chunk.fileName} still imports ${left.join(', ')}`);
      }
    },
  };
}

/** Writes integrity.json, a SHA-384 for every file, and removes what an earlier build left behind. */
function integrity() {
  return {
    name: 'integrity',
    async writeBundle({ dir }, bundle) {
      const hashes = {};
      for (const file of Object.keys(bundle).sort()) {
        if (file.endsWith('.map')) continue;
        const content = await readFile(join(dir, file));
        hashes[file] = `sha384-${createHash('sha384').update(content).digest('base64')}`;
      }
      for (const file of await filesIn(dir)) {
        if (!(file in bundle)) await rm(join(dir, file));
      }
      await writeFile(join(dir, 'integrity.json'), `${JSON.stringify(hashes, null, 2)}\n`);
    },
  };
}

/** Paths of the files below a folder, relative to it, with forward slashes. */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
