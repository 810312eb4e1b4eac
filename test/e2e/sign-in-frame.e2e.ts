import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inFrame } from '../frame/support/frame-fixture.js';
import { field, send } from '../widget/support/flows.js';
import { assertSignedIn, dana, mia, shopFixture } from './support/shop-fixture.js';

const PAGE = '/sign-in-frame.html';

describe('munchBOX with the sign-in form on another host', () => {
  const fixture = shopFixture();
  const hosts = {
    localhost: ({ origin, frameOrigin }: typeof fixture.munchbox.shop) => [origin, frameOrigin],
    'a custom domain': ({ customOrigin, customFrameOrigin }: typeof fixture.munchbox.shop) => [
      customOrigin,
      customFrameOrigin,
    ],
  };

  for (const [host, originsOf] of Object.entries(hosts)) {
    it(`signs in and continues to the members page, on ${host}`, async () => {
      const [shop, frame] = originsOf(fixture.munchbox.shop) as [string, string];
      const page = await fixture.visit(shop + PAGE);
      const requested = new Set<string>();
      page.on('request', (request) => void (request.frame() === page.mainFrame() && requested.add(request.url())));
      const form = inFrame(page);
      await field(form, 'name').waitFor();
      assert.equal(
        new URL(
          page
            .frames()
            .find((each) => each !== page.mainFrame())!
            .url(),
        ).origin,
        frame,
      );
      await send(form, { name: mia.login, password: mia.password });
      await page.waitForURL(/members\.html/);
      await assertSignedIn(page, mia.name);
      assert.deepEqual(
        [...requested].filter((url) => url.includes('/idp/idx/') || url.includes('/widget')),
        [],
        'the page itself requests nothing of the form',
      );
    });
  }

  it('rejects a user whom the policy denies', async () => {
    const page = await fixture.visit(PAGE);
    await send(inFrame(page), { name: dana.login, password: dana.password });
    await page.locator('main okta-signin[state=error]').waitFor();
    await page.locator('main okta-signin').getByRole('button').waitFor();
  });
});
