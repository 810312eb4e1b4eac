import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { parseConfig } from '../../src/session/config.js';
import { own } from '../../src/session/own.js';

const polluted = Object.prototype as Record<string, unknown>;

afterEach(() => {
  for (const name of ['allowedOrigins', 'redirectUri', 'prompt']) delete polluted[name];
});

describe('a script that writes to Object.prototype', () => {
  it('says nothing of what was left out', () => {
    polluted.prompt = 'none';
    assert.equal(own<{ prompt?: string }>({}).prompt, undefined);
    assert.equal(own({ prompt: 'login' }).prompt, 'login');
  });

  it('sets no setting', () => {
    polluted.allowedOrigins = 'https://evil.example';
    polluted.redirectUri = '/stolen';
    const config = parseConfig({ issuer: 'https://shop.okta.com', clientId: 'shop' }, 'https://shop.example/');
    assert.deepEqual(config.allowedOrigins, []);
    assert.equal(config.redirectUri, 'https://shop.example/');
  });
});
