import { STATUS_CODES } from 'node:http';
import { escapeHtml } from '../http.js';
import { page } from './layout.js';

/** The page for a request that cannot be sent back to the application, such as one with a wrong redirect URI. */
export function errorPage(status: number, code: string, description: string | undefined): string {
  return page({
    title: `${status} ${STATUS_CODES[status]}`,
    body: `<main class="card narrow">
<p class="eyebrow">${status}</p>
<h1>${status >= 500 ? 'Something went wrong' : 'Your request resulted in an error'}</h1>
<p>${escapeHtml(description ?? 'The request cannot be answered.')}</p>
<p class="quiet"><code>${escapeHtml(code)}</code></p>
<p class="quiet"><a href="/">About this org</a></p>
</main>`,
  });
}
