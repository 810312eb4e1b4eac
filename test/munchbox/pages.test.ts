import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../stories/munchbox/pages/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.html'));
const read = (name: string) => readFileSync(folder + name, 'utf8');

const TAGS = ['okta-callback', 'okta-config', 'okta-guard', 'okta-signin', 'okta-signout', 'okta-user'];

describe('the pages of munchBOX', () => {
  for (const name of names) {
    describe(name, () => {
      const html = read(name);

      it('loads one file of ours and has no script or style inside the markup', () => {
        const scripts = [...html.matchAll(/<script\b[^>]*>([^]*?)<\/script>/g)];
        const inline = scripts.filter(([tag]) => !tag.includes('data-okta-config'));
        assert.deepEqual(inline.map(([, inside]) => inside).join(''), '');
        assert.equal(scripts.filter(([tag]) => tag.includes('src="/okta-elements/okta-elements.js"')).length, 1);
        assert.doesNotMatch(html, /<style\b/);
        // Attributes only: "style=" may stand in a text.
        assert.doesNotMatch(html, /<[a-z][^>]*\s(style|on[a-z]+)=/);
      });

      it('names the org once, and uses no tag of ours that does not exist', () => {
        assert.equal(html.match(/<okta-config\b|<script\b[^>]*\bdata-okta-config/g)?.length, 1);
        const used = new Set([...html.matchAll(/<(okta-[a-z]+)/g)].map(([, tag]) => tag!));
        assert.deepEqual(
          [...used].filter((tag) => !TAGS.includes(tag)),
          [],
        );
      });

      it('links only to what is there', () => {
        for (const [, address] of html.matchAll(/\s(?:href|src|action|return-to)="([^"]*)"/g)) {
          const { origin, pathname, hash } = new URL(address!, `http://shop.invalid/${name}`);
          if (origin !== 'http://shop.invalid' || pathname.startsWith('/okta-elements/')) continue;
          // Those the server hands out are beside the pages, or anybody could have them.
          const file =
            pathname === '/'
              ? 'index.html'
              : pathname.replace(/^\/(fragments\/)?/, (_, own) => (own ? `../${own}` : ''));
          assert.ok(existsSync(folder + file), `${address} leads nowhere`);
          if (hash && !file.endsWith('.svg')) assert.ok(read(file).includes(`id="${hash.slice(1)}"`), address);
        }
      });

      it('can be used by everybody: language, title, landmarks, a way past the header, described pictures of a known size', () => {
        assert.match(html, /<html lang="en">/);
        assert.match(html, /<title>[^<]+<\/title>/);
        for (const part of ['<header', '<main id="main"', '<footer', 'class="skip" href="#main"']) {
          assert.ok(html.includes(part), part);
        }
        assert.equal([...html.matchAll(/<img\b(?![^>]*\balt=)[^>]*>/g)].length, 0);
        assert.equal(
          [...html.matchAll(/<img\b(?![^>]*\bheight=)[^>]*>/g)].length,
          0,
          'an image without its size moves the page',
        );
      });
    });
  }

  it('sign in both ways with the same tag, one attribute apart', () => {
    const tag = (name: string) => /<okta-signin\s+mode=[^]*?<\/okta-signin>/.exec(read(name))![0];
    assert.equal(tag('sign-in.html').replace('mode="hosted"', 'mode="embedded"'), tag('sign-in-embedded.html'));
    assert.notEqual(tag('sign-in.html'), tag('sign-in-embedded.html'));
    assert.equal(tag('sign-in-frame.html').replace(' isolation="frame"', ''), tag('sign-in-embedded.html'));
  });
});
