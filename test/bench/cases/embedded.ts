import { readdirSync } from 'node:fs';
import type { Case, Contender, Figure } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { ours, page } from '../pages.js';
import { fast, slow, type Network } from '../bench-page.js';

const FORM = '<okta-signin mode="embedded"></okta-signin>';

/** The tags of the documentation, by which the browser fetches what the form needs with the page. */
function preloads(fixture: BenchFixture, generation: number): string {
  const files = readdirSync(new URL('../../../dist/cdn/', import.meta.url)).filter((file) => file.endsWith('.js'));
  const widget = generation === 2 ? [/^widget\.[\w-]+\.js$/] : [/^widget-3\.js$/, /^generation-3\./];
  const names = [/^embedded-sign-in\./, /^page-language\./, /^verbs\./, ...widget];
  const modules = names.map((name) => files.find((file) => name.test(file))!);
  const style = generation === 2 ? 'okta-sign-in.css' : 'okta-sign-in-3.css';
  return [
    `<link rel="preconnect" href="${fixture.org.origin}" crossorigin />`,
    ...modules.map((file) => `<link rel="modulepreload" href="/okta-elements/${file}" />`),
    `<link rel="preload" as="style" href="/okta-elements/widget/css/${style}" />`,
  ].join('\n');
}

/** Okta's own snippet, from the widget's README. */
function snippet(fixture: BenchFixture, { js, css }: { js: string; css: string }): string {
  return page(
    `<script src="/okta-signin-widget/js/${js}"></script>
    <link href="/okta-signin-widget/css/${css}" rel="stylesheet" />`,
    `<div id="osw-container"></div>
    <script>
      const signIn = new OktaSignIn({
        issuer: '${fixture.org.issuer}', clientId: 'app', redirectUri: location.origin + '/',
        scopes: ['openid', 'profile', 'email'], useClassicEngine: false,
      });
      signIn.showSignIn({ el: '#osw-container' }).then((answer) => signIn.remove());
    </script>`,
  );
}

function contender(name: string, network: Network, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      fixture.page(html(fixture));
      const benchPage = await fixture.open({ network, sight: 'input[type=password]' });
      const time = await benchPage.go(fixture.origin);
      const { bytes, requests, cpu } = await benchPage.use();
      await benchPage.end();
      return { bytes, requests, cpu, time };
    },
  };
}

function figures(bytes: number): Figure[] {
  return [
    { name: 'bytes', unit: 'bytes', bound: { ratio: bytes } },
    { name: 'requests', unit: 'requests' },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ];
}

const generations = [
  { files: { js: 'okta-sign-in.min.js', css: 'okta-sign-in.min.css' }, config: '', number: 2, bytes: 0.76 },
  {
    files: { js: 'okta-sign-in.next.js', css: 'okta-sign-in.next.css' },
    config: 'widget-generation="3"',
    number: 3,
    bytes: 0.9,
  },
];

/** The form of the embedded style, from a cold start. */
export const embedded: Case[] = generations.flatMap(({ files, config, number, bytes }) =>
  [slow, fast].map((network) => ({
    name: `embedded-${number}-${network.name.split(' ')[0]}`,
    title: `Navigation to a password field that can be typed into, generation ${number}, ${network.name}, nothing cached`,
    figures: figures(bytes),
    ours: contender(`<okta-signin mode="embedded">, generation ${number}`, network, (fixture) =>
      ours(fixture, FORM, `${config} request-timeout="60000"`).replace(
        '</title>',
        `</title>${preloads(fixture, number)}`,
      ),
    ),
    peers: [contender(`Okta’s snippet, generation ${number}`, network, (fixture) => snippet(fixture, files))],
  })),
);
