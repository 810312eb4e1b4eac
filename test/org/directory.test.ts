import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClock } from '../../src/org/clock.js';
import { Directory, type SeedUser } from '../../src/org/directory.js';
import { hashPassword, passwordMatches } from '../../src/org/passwords.js';
import { totpCode, totpCounter } from '../../src/org/totp.js';

const sally: SeedUser = {
  login: 'sally',
  email: 'sally@example.com',
  firstName: 'Sally',
  lastName: 'Snack',
  password: 'Crisps4all',
};

function directoryOf(...users: SeedUser[]) {
  const clock = createClock();
  const directory = new Directory({ users, groups: ['Staff', { name: 'Members' }] }, clock);
  return { clock, directory, id: directory.findByLogin(users[0]?.login ?? '')?.id ?? '' };
}

describe('The directory', () => {
  it('finds a user by id, login and email', () => {
    const { directory, id } = directoryOf(sally);
    assert.match(id, /^00u\w{17}$/);
    for (const name of ['sally', 'SALLY', ' sally@EXAMPLE.com ']) assert.equal(directory.findByLogin(name)?.id, id);
    assert.equal(directory.get(id)?.profile.firstName, 'Sally');
    assert.equal(directory.get('00u'), undefined);
    assert.equal(directory.findByLogin('__proto__'), undefined);
  });

  it('gives a seeded user the same id in every run', () => {
    assert.equal(directoryOf(sally).id, directoryOf(sally, { ...sally, login: 'other', email: 'o@example.com' }).id);
  });

  it('puts everybody into Everyone', () => {
    const { directory } = directoryOf({ ...sally, groups: ['Staff', 'Everyone'] });
    assert.deepEqual(directory.list()[0]?.groups, ['Everyone', 'Staff']);
    assert.deepEqual(directory.groups(), ['Everyone', 'Staff', 'Members']);
  });

  it('refuses a login or email that is taken', () => {
    const { directory } = directoryOf(sally);
    const profile = { login: 'x', email: 'SALLY@example.com', firstName: 'X', lastName: 'Y' };
    assert.throws(() => directory.create({ profile }), /exists already/);
    assert.throws(() => directoryOf(sally, { ...sally, email: 'z@example.com' }), /exists already/);
  });

  it('hands out users that cannot be changed from outside', () => {
    const { directory, id } = directoryOf(sally);
    const user = directory.get(id)!;
    assert.throws(() => Object.assign(user, { status: 'SUSPENDED' }), TypeError);
    assert.throws(() => Object.assign(user.profile, { email: 'evil@example.com' }), TypeError);
    directory.setStatus(id, 'SUSPENDED');
    assert.equal(user.status, 'ACTIVE', 'a snapshot');
    assert.equal(directory.get(id)?.status, 'SUSPENDED');
  });

  it('checks passwords', async () => {
    const { directory, id } = directoryOf(sally);
    assert.equal(await directory.verifyPassword(id, 'Crisps4all'), true);
    assert.equal(await directory.verifyPassword(id, 'crisps4all'), false);
    assert.equal(await directory.verifyPassword(undefined, 'Crisps4all'), false);
    const without = directoryOf({ ...sally, password: undefined });
    assert.equal(await without.directory.verifyPassword(without.id, ''), false);
    assert.equal(without.directory.hasPassword(without.id), false);
  });

  it('remembers the last four passwords', async () => {
    const { directory, id } = directoryOf(sally);
    assert.equal(directory.samplePassword(id), 'Crisps4all');
    for (const password of ['two', 'three', 'four']) await directory.setPassword(id, password);
    assert.equal(directory.samplePassword(id), undefined);
    assert.equal(await directory.usedBefore(id, 'Crisps4all'), true);
    await directory.setPassword(id, 'five');
    assert.equal(await directory.usedBefore(id, 'Crisps4all'), false);
    assert.equal(await directory.verifyPassword(id, 'five'), true);
  });

  it('uses up the codes of an authenticator app', () => {
    const { directory, id, clock } = directoryOf({ ...sally, totpSecret: 'jbsw y3dp ehpk 3pxp' });
    const secret = directory.totpSecret(id)!;
    assert.equal(secret, 'JBSWY3DPEHPK3PXP');
    const code = totpCode(secret, totpCounter(clock.now()));
    assert.deepEqual([directory.useTotp(id, code), directory.useTotp(id, code)], ['accepted', 'used']);
    assert.equal(directory.useTotp(id, '000000'), 'wrong');
    directory.removeTotp(id);
    clock.advance(60_000);
    assert.equal(directory.useTotp(id, totpCode(secret, totpCounter(clock.now()))), 'wrong');
  });
});

describe('Passwords', () => {
  it('are kept so that the same two look different, whichever form of Unicode they come in', async () => {
    const [one, two] = await Promise.all([hashPassword('Käse4all'), hashPassword('Käse4all')]);
    assert.notEqual(one, two);
    assert.equal(await passwordMatches('Käse4all'.normalize('NFD'), one), true);
    assert.ok(!one.includes('Käse'));
  });
});
