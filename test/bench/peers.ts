import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup, type Plugin } from 'rollup';
import { minify } from 'terser';

/** Its types are for CommonJS, which this is not. */
const fromCommonjs = commonjs as unknown as () => Plugin;

/** What users would take instead, bundled and minified as their bundler does it. */
const sources: Readonly<Record<string, string>> = {
  'auth-js': "export { OktaAuth } from '@okta/okta-auth-js';",
  'auth0-spa-js': "export { createAuth0Client, Auth0Client } from '@auth0/auth0-spa-js';",
  'oidc-client-ts': "export { UserManager, WebStorageStateStore } from 'oidc-client-ts';",
  'keycloak-js': "export { default as Keycloak } from 'keycloak-js';",
  lit: "export { LitElement, html } from 'lit';",
};

/** @throws Error for a name that is not among them */
export async function bundleOf(name: string): Promise<string> {
  const source = sources[name];
  if (!source) throw new Error(`There is no peer called ${name}.`);
  const bundle = await rollup({
    input: 'peer',
    plugins: [
      {
        name: 'peer',
        resolveId: (id) => (id === 'peer' ? '\0peer' : null),
        load: (id) => (id === '\0peer' ? source : null),
      },
      nodeResolve({ browser: true, exportConditions: ['production'] }),
      fromCommonjs(),
    ],
    onwarn: () => {},
  });
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true });
  await bundle.close();
  const { code } = await minify(output[0].code, { module: true, ecma: 2020, format: { comments: false } });
  return code!;
}
