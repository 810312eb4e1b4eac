import type { z } from 'zod';
import { nameKey } from './directory.js';
import type { OrgConfig, SeedUser } from './seed-schema.js';

/** Something wrong with a seed. */
export interface Problem {
  path: string;
  message: string;
}

/** A problem as zod reports it, for people. */
export function describeIssue(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not a known field' }));
  }
  return [{ path: pathOf(issue.path), message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((joined, key) => {
    if (typeof key === 'number') return `${joined}[${key}]`;
    return joined === '' ? String(key) : `${joined}.${String(key)}`;
  }, '');
}

/** What one field alone cannot show: names used twice, names of things that are not there. */
export function crossChecks(seed: OrgConfig): Problem[] {
  const groups = new Set(['Everyone', ...seed.groups.map(({ name }) => name)]);
  const clients = new Set(seed.clients.map(({ id }) => id));
  const logins = new Set(seed.users.map(({ login }) => login.toLowerCase()));
  const problems: Problem[] = [
    ...takenNames(seed.users),
    ...repeated(
      'groups',
      'name',
      seed.groups.map(({ name }) => name),
    ),
    ...repeated(
      'clients',
      'id',
      seed.clients.map(({ id }) => id),
    ),
    ...repeated(
      'signIn.identityProviders',
      'id',
      seed.signIn.identityProviders.map(({ id }) => id),
    ),
  ];
  seed.users.forEach((user, u) =>
    user.groups.forEach((name, g) => {
      if (!groups.has(name)) problems.push({ path: `users[${u}].groups[${g}]`, message: `"${name}" is not in groups` });
    }),
  );
  seed.authorizationServer.policies.forEach((policy, p) => {
    const at = `authorizationServer.policies[${p}]`;
    policy.clients.forEach((id, c) => {
      if (id !== 'ALL_CLIENTS' && !clients.has(id))
        problems.push({ path: `${at}.clients[${c}]`, message: `"${id}" is not in clients` });
    });
    policy.rules.forEach((rule, r) => {
      rule.groups?.forEach((name, g) => {
        if (name !== 'EVERYONE' && !groups.has(name))
          problems.push({ path: `${at}.rules[${r}].groups[${g}]`, message: `"${name}" is not in groups` });
      });
      rule.users?.forEach((login, l) => {
        if (!logins.has(login.toLowerCase()))
          problems.push({ path: `${at}.rules[${r}].users[${l}]`, message: `"${login}" is not in users` });
      });
    });
  });
  return problems;
}

/** A login may not be the email of somebody else either: people sign in with both. */
function takenNames(users: SeedUser[]): Problem[] {
  const owners = new Map<string, { user: number; field: 'login' | 'email' }>();
  return users.flatMap((user, index) =>
    (['login', 'email'] as const).flatMap((field) => {
      const name = user[field];
      if (name === undefined) return [];
      const owner = owners.get(nameKey(name));
      if (!owner) owners.set(nameKey(name), { user: index, field });
      if (!owner || owner.user === index) return [];
      const message = `"${name}" is the ${owner.field} of users[${owner.user}] too`;
      return [{ path: `users[${index}].${field}`, message }];
    }),
  );
}

function repeated(list: string, field: string, values: string[]): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [{ path: `${list}[${index}].${field}`, message: `"${value}" is used twice` }] : [],
  );
}
