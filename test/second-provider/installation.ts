import { accessSync, constants } from 'node:fs';

/** Where Debian's packages put what is needed of Glewlwyd. */
export const installed = {
  program: '/usr/bin/glewlwyd',
  modules: '/usr/lib/glewlwyd',
  protocol: '/usr/lib/glewlwyd/plugin/libprotocol_oidc.so',
  webapp: '/usr/share/glewlwyd/webapp',
  webappSettings: '/usr/share/glewlwyd/templates/config.json',
  schema: '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3',
  sqlite: '/usr/bin/sqlite3',
} as const;

/** Why Glewlwyd cannot be started on this machine, and how that is changed, or `undefined` when it can. */
export function whyNot(): string | undefined {
  const missing = Object.values(installed).find((path) => !isReadable(path));
  if (!missing) return undefined;
  return (
    `Glewlwyd, the second provider, is not on this machine (there is no ${missing}). On Debian 12 or its relatives: ` +
    'sudo apt-get install --no-install-recommends glewlwyd dbconfig-no-thanks'
  );
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
