import { page } from './layout.js';

/** `/help/login`: where "Help" on the sign-in page leads. */
export function helpPage(): string {
  return page({
    title: 'Help with signing in',
    body: `<main class="card narrow">
<h1>Help with signing in</h1>
<p>This is a local Okta org: nobody here has a real account.</p>
<ul>
<li>Everybody there is, with passwords and the codes of authenticator apps: <a href="/users">users</a></li>
<li>Codes and links the org has sent by mail: <a href="/mailbox">mailbox</a></li>
</ul>
</main>`,
  });
}
