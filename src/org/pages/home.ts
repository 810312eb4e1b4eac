import { escapeHtml } from '../http.js';
import type { OrgConfig } from '../seed.js';
import { ISSUER_PATH } from '../oidc/provider.js';
import { page } from './layout.js';

/** `/`: what this server is, and where to go from here. Everything on it is under the host it was asked for. */
export function homePage(origin: string, config: OrgConfig): string {
  const { branding, clients } = config;
  const rows = clients.map(
    ({ id, label, redirectUris }) =>
      `<tr><td>${escapeHtml(label ?? id)}</td><td><code>${escapeHtml(id)}</code></td><td>${redirectUris
        .map((uri) => `<code>${escapeHtml(uri)}</code>`)
        .join('<br>')}</td></tr>`,
  );
  return page({
    title: `${branding.name} · local Okta org`,
    body: `<main>
<section class="card">
<p class="eyebrow">Local Okta org</p>
<h1>${escapeHtml(branding.name)}</h1>
<p>This server answers as an Okta organisation does, for development and tests on this machine.</p>
<p class="warning"><strong>It is not Okta, and it is not for production.</strong> Its people are made up, its passwords are public, and all of it is forgotten when the server stops.</p>
<dl>
<dt>Issuer</dt><dd><code>${escapeHtml(origin + ISSUER_PATH)}</code></dd>
<dt>Discovery</dt><dd><a href="${ISSUER_PATH}/.well-known/openid-configuration"><code>openid-configuration</code></a></dd>
</dl>
</section>
<nav class="card" aria-label="The org">
<ul>
<li><a href="/mailbox">Mailbox: codes and links the org has sent</a></li>
<li><a href="/users">Users</a></li>
</ul>
</nav>
<section class="card">
<h2>Applications</h2>
${
  rows.length > 0
    ? `<div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">Client ID</th><th scope="col">Redirect URIs</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
    : '<p class="quiet">The seed has no clients.</p>'
}
</section>
</main>`,
  });
}
