import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inFrame } from '../frame/support/framed.js';
import { field, send } from '../widget/support/flows.js';
import { dana, hosts, mia, stage } from './stage.js';

const PAGE = '/sign-in-frame.html';

for (const [name, options] of Object.entries(hosts)) {
  describe(`munchBOX with the form on another host name, on ${name}`, () => {
    const set = stage(options);

    it('signs in there, and goes on to the members’ page', async () => {
      const page = await set.visit(PAGE);
      const asked = new Set<string>();
      page.on('request', (request) => void (request.frame() === page.mainFrame() && asked.add(request.url())));
      const form = inFrame(page);
      const { shop } = set.munchbox;
      await field(form, 'name').waitFor();
      const frame = page.frames().find((each) => each !== page.mainFrame())!;
      assert.equal(new URL(frame.url()).origin, options.customDomain ? shop.customFrameOrigin : shop.frameOrigin);
      await send(form, { name: mia.login, password: mia.password });
      await page.waitForURL(/members\.html/);
      await page.locator('.account okta-user', { hasText: mia.name }).waitFor();
      assert.deepEqual(
        [...asked].filter((url) => url.includes('/idp/idx/') || url.includes('/widget')),
        [],
        'the page itself asked for nothing of the form',
      );
    });

    it('turns away who may not, as the other styles do', async () => {
      const page = await set.visit(PAGE);
      await send(inFrame(page), { name: dana.login, password: dana.password });
      await page.locator('main okta-signin[state=error]').waitFor();
      await page.locator('main okta-signin').getByRole('button').waitFor();
    });
  });
}
