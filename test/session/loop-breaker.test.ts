import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countRedirect, countReturn, forgetRedirects } from '../../src/session/loop-breaker.js';
import { MemoryStorage } from '../support/session/memory-storage.js';

const start = 1_800_000_000_000;
const KEY = 'okta-elements:redirects';

describe('a page that redirects by itself', () => {
  it('may do so three times within a minute, and is stopped at the fourth', () => {
    const storage = new MemoryStorage();
    for (const second of [0, 10, 59]) countRedirect(storage, start + second * 1000);
    assert.throws(() => countRedirect(storage, start + 59_999), { code: 'redirect_loop' });
  });

  it('is stopped, too, when it all happens within one tick of the clock', () => {
    const storage = new MemoryStorage();
    for (let time = 0; time < 3; time++) countRedirect(storage, start);
    assert.throws(() => countRedirect(storage, start), { code: 'redirect_loop' });
  });

  it('may do so again when the minute is over', () => {
    const storage = new MemoryStorage();
    for (const second of [0, 1, 2]) countRedirect(storage, start + second * 1000);
    assert.throws(() => countRedirect(storage, start + 59_999), { code: 'redirect_loop' });
    countRedirect(storage, start + 60_000);
  });

  it('is stopped, too, when every way there and back takes longer than that', () => {
    const storage = new MemoryStorage();
    let now = start;
    for (let time = 0; time < 3; time++) {
      countRedirect(storage, now);
      now += 90_000;
      countReturn(storage, now);
      now += 1000;
    }
    assert.throws(() => countRedirect(storage, now), { code: 'redirect_loop' });
    countRedirect(storage, now + 60_000);
  });

  it('is not counted for coming back from a sign-in of the user’s', () => {
    const storage = new MemoryStorage();
    countReturn(storage, start);
    countReturn(undefined, start);
    assert.equal(storage.length, 0);
  });

  it('may do so again once the user acted', () => {
    const storage = new MemoryStorage();
    for (const second of [0, 1, 2]) countRedirect(storage, start + second * 1000);
    forgetRedirects(storage);
    countRedirect(storage, start + 3000);
    assert.equal(storage.length, 1);
  });

  for (const value of ['', 'garbage', '{}', 'null', '7', '["x", null, {}]', '[1e999]']) {
    it(`is stopped though the count was spoilt: ${value}`, () => {
      const storage = new MemoryStorage();
      storage.setItem(KEY, value);
      for (const second of [0, 1, 2]) countRedirect(storage, start + second * 1000);
      assert.throws(() => countRedirect(storage, start + 3000), { code: 'redirect_loop' });
    });
  }

  it('is not stopped by times that lie ahead, as after a clock was set back', () => {
    const storage = new MemoryStorage();
    storage.setItem(KEY, JSON.stringify([start + 1000, start + 2000, start + 3000]));
    countRedirect(storage, start);
  });

  it('keeps no more than the count needs', () => {
    const storage = new MemoryStorage();
    for (let time = start; time < start + 3_600_000; time += 25_000) countRedirect(storage, time);
    assert.equal((JSON.parse(storage.getItem(KEY)!) as number[]).length, 3);
  });

  it('does not fail for want of storage', () => {
    const full = new MemoryStorage({ quota: 0 });
    countRedirect(full, start);
    forgetRedirects(undefined);
  });
});
