import type { Seed } from './seed.js';

const LOCAL_APPS = [3000, 4200, 5173, 8000, 8080].flatMap((port) => [
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}`,
]);

/**
 * What `okta-org` starts with when it is given no seed: three people, two groups, one single-page app on the ports
 * that development servers usually take. The passwords are public; that is all right on a server nobody else reaches.
 */
export const defaultSeed: Seed = {
  users: [
    { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: 'ada-password', groups: ['Members'] },
    {
      login: 'grace@example.com',
      firstName: 'Grace',
      lastName: 'Hopper',
      password: 'grace-password',
      groups: ['Members', 'Warehouse staff'],
    },
    {
      login: 'alan@example.com',
      firstName: 'Alan',
      lastName: 'Turing',
      password: 'alan-password',
      groups: ['Members'],
      totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    },
  ],
  groups: [
    { name: 'Members', description: 'Customers with an account' },
    { name: 'Warehouse staff', description: 'People who pack the boxes' },
  ],
  clients: [
    {
      id: 'munchbox-spa',
      label: 'munchBOX',
      redirectUris: LOCAL_APPS.flatMap((app) => [`${app}/`, `${app}/login/callback`]),
      postLogoutRedirectUris: LOCAL_APPS.flatMap((app) => [app, `${app}/`]),
    },
  ],
  trustedOrigins: LOCAL_APPS,
  branding: { name: 'munchBOX' },
};
