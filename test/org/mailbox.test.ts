import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClock } from '../../src/org/clock.js';
import { Mailbox } from '../../src/org/mailbox.js';

const mail = (to: string, subject = 'Hello') => ({ to, subject, text: 'Text' });

describe('The mailbox', () => {
  it('keeps what was sent, oldest first, by address in whichever case', () => {
    const mailbox = new Mailbox();
    mailbox.send(mail('a@example.com', 'one'));
    mailbox.send(mail('b@example.com', 'two'));
    mailbox.send(mail('A@Example.com', 'three'));
    assert.deepEqual(
      mailbox.messages('a@example.com').map(({ subject }) => subject),
      ['one', 'three'],
    );
    assert.equal(mailbox.messages().length, 3);
  });

  it('waits for a mail that has not come yet', async () => {
    const mailbox = new Mailbox();
    const waiting = mailbox.waitFor('a@example.com');
    mailbox.send(mail('b@example.com'));
    const sent = mailbox.send(mail('a@example.com'));
    assert.equal(await waiting, sent);
  });

  it('finds one that has come already, unless a later one is wanted', async () => {
    const clock = createClock();
    const mailbox = new Mailbox(clock);
    const first = mailbox.send(mail('a@example.com'));
    assert.equal(await mailbox.waitFor('a@example.com'), first);
    assert.equal(await mailbox.waitFor('a@example.com', { after: first.sentAt }), first);
    clock.advance(10_000);
    const later = [
      mailbox.waitFor('a@example.com', { after: first }),
      mailbox.waitFor('a@example.com', { after: clock.now() }),
    ];
    const second = mailbox.send(mail('a@example.com'));
    assert.deepEqual(await Promise.all(later), [second, second]);
  });

  it('gives up after a while', async () => {
    const mailbox = new Mailbox();
    await assert.rejects(mailbox.waitFor('a@example.com', { timeoutMs: 10 }), /No mail to a@example.com within 10 ms/);
  });

  it('drops the oldest of very many, and still knows what is later', async () => {
    const mailbox = new Mailbox();
    let last = mailbox.send(mail('a@example.com', '0'));
    for (let i = 1; i <= 1200; i++) last = mailbox.send(mail('a@example.com', String(i)));
    assert.equal(mailbox.messages().length, 1000);
    assert.equal(mailbox.messages()[0]?.subject, '201');
    const waiting = mailbox.waitFor('a@example.com', { after: last });
    assert.equal(mailbox.send(mail('a@example.com')), await waiting);
  });
});
