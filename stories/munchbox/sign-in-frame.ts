import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployFrame } from '../../src/deploy/deploy-frame.js';
import { parseFrameSettings } from '../../src/widget/frame/settings.js';
import { serveFiles } from './static-files.js';

/** Whom a sign-in frame is for. */
export interface FrameOptions {
  issuer: string;
  /** Origin of the shop. */
  shop: string;
}

export interface SignInFrame {
  serve: ReturnType<typeof serveFiles>;
  close(): Promise<void>;
}

/** The sign-in frame of the shop, as `okta-frame` writes it. It is written when it is first asked for. */
export function signInFrame({ issuer, shop }: FrameOptions): SignInFrame {
  let deployed: Promise<{ folder: string; serve: SignInFrame['serve'] }> | undefined;
  const deploy = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'munchbox-frame-'));
    const settings = parseFrameSettings({
      issuer,
      clientId: 'munchbox-spa',
      redirectUri: `${shop}/`,
      scopes: 'openid profile email groups offline_access',
      parents: [shop],
    });
    const headers = await deployFrame(settings, folder, fileURLToPath(new URL('../../dist/frame/', import.meta.url)));
    const serve = serveFiles({
      mounts: [{ path: '/', folder }],
      headers: () => headers,
      rewrite: (html) => html,
      notFound: fileURLToPath(new URL('pages/404.html', import.meta.url)),
    });
    return { folder, serve };
  };
  return {
    async serve(req, res) {
      const { serve } = await (deployed ??= deploy());
      await serve(req, res);
    },
    async close() {
      const written = await deployed?.catch(() => undefined);
      if (written) await rm(written.folder, { recursive: true });
    },
  };
}
