import type { TestRunnerPlugin } from '@web/test-runner';
import { defaultSeed } from '../../../src/org/default-seed.js';
import { createOrg } from '../../../src/org/index.js';

/**
 * A local Okta org for element tests: its own for each run, on any free port, with the test server's origin trusted.
 * A test finds it at `/__org.json`: `{issuer, clientId}`. People and groups are those of the default seed.
 */
export function localOrg(): TestRunnerPlugin {
  let org: Awaited<ReturnType<typeof createOrg>> | undefined;
  const clientId = 'element-tests';
  return {
    name: 'local-org',
    async serverStart({ config }) {
      const origin = `http://${config.hostname}:${config.port}`;
      org = await createOrg({
        port: 0,
        seed: {
          ...defaultSeed,
          clients: [{ id: clientId, redirectUris: [`${origin}/`], postLogoutRedirectUris: [`${origin}/`] }],
          trustedOrigins: [origin],
        },
      });
    },
    async serverStop() {
      await org?.close();
    },
    serve({ path }) {
      if (path !== '/__org.json') return undefined;
      return { body: JSON.stringify({ issuer: org?.issuer, clientId }), type: 'json' };
    },
  };
}
