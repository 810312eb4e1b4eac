import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loaded } from '../../src/session/parts.js';

describe('a part of the package', () => {
  const complaint = { code: 'network', message: /could not be loaded/ };

  it('is what arrives', async () => {
    assert.equal(await loaded(Promise.resolve('part')), 'part');
  });

  it('that cannot be fetched ends in an error', async () => {
    const cause = new TypeError('Failed to fetch dynamically imported module');
    await assert.rejects(loaded(Promise.reject(cause)), { ...complaint, cause });
    await assert.rejects(loaded(Promise.reject(cause), 'widget_load_failed'), { code: 'widget_load_failed', cause });
  });

  it('that never arrives does so after thirty seconds', async ({ mock }) => {
    const limit = new AbortController();
    const timeout = mock.method(AbortSignal, 'timeout', () => limit.signal);
    let isOver = false;
    const attempt = loaded(new Promise(() => {})).finally(() => (isOver = true));
    assert.deepEqual(timeout.mock.calls[0]?.arguments, [30_000]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isOver, false);
    const cause = new DOMException('It took too long.', 'TimeoutError');
    limit.abort(cause);
    await assert.rejects(attempt, { ...complaint, cause });
  });
});
