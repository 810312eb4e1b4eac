import { readFileSync } from 'node:fs';
import { crossChecks, describeIssue } from './seed-problems.js';
import { hostName, seedSchema, webUrl, type OrgConfig } from './seed-schema.js';

export type {
  Branding,
  OrgConfig,
  Seed,
  SeedClaim,
  SeedClient,
  SeedGroup,
  SeedPolicy,
  SeedRule,
  SeedUser,
  SignInSettings,
} from './seed-schema.js';

/** A seed that cannot be used. The message names each field by its path, such as `users[0].login`. */
export class SeedError extends Error {
  constructor(
    message: string,
    /** Paths of the fields that are wrong. */
    readonly paths: string[],
  ) {
    super(message);
    this.name = 'SeedError';
  }
}

/**
 * Checks a seed and fills in the defaults.
 *
 * @throws SeedError naming every field that is wrong
 */
export function parseSeed(input: unknown): OrgConfig {
  const result = seedSchema.safeParse(input);
  const problems = result.success ? crossChecks(result.data) : result.error.issues.flatMap(describeIssue);
  if (problems.length > 0) {
    const lines = problems.map(({ path, message }) => `  ${path || '(the seed itself)'}: ${message}`);
    throw new SeedError(
      `The seed is not valid.\n${lines.join('\n')}`,
      problems.map(({ path }) => path),
    );
  }
  return result.data as OrgConfig;
}

/**
 * Reads a seed from a JSON file.
 *
 * @throws SeedError when the file cannot be read, is not JSON, or is not a valid seed
 */
export function readSeed(file: string): OrgConfig {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SeedError(`The seed file ${file} cannot be read: ${(error as Error).message}`, []);
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new SeedError(`The seed file ${file} is not JSON: ${(error as Error).message}`, []);
  }
  return parseSeed(json);
}

/**
 * The same org with these applications let in, and answering under these host names too.
 *
 * @throws SeedError when an application is not an http or https URL, or a name is not a host name
 */
export function extendConfig(config: OrgConfig, apps: readonly string[], hostNames: readonly string[]): OrgConfig {
  for (const app of apps) {
    if (!webUrl.safeParse(app).success)
      throw new SeedError(`The application "${app}" is not an absolute http or https URL.`, []);
  }
  for (const name of hostNames) {
    if (!hostName.safeParse(name).success)
      throw new SeedError(`"${name}" is not a host name in lower case, without a port.`, []);
  }
  const urls = apps.map((app) => new URL(app).href);
  const added = (list: string[], more: string[]): string[] => [...new Set([...list, ...more])];
  return {
    ...config,
    clients: config.clients.map((client) => ({
      ...client,
      redirectUris: added(client.redirectUris, urls),
      postLogoutRedirectUris: added(client.postLogoutRedirectUris, urls),
    })),
    customDomains: added(config.customDomains, [...hostNames]),
    trustedOrigins: added(
      config.trustedOrigins,
      urls.map((url) => new URL(url).origin),
    ),
  };
}
