import { OktaElementsError } from '../errors.js';
import type { HttpRequestClient } from './http.js';

/** An Identity Engine answer that ends a sign-in: the user is known, and gets no code. */
interface FinalAnswer {
  failure?: { name?: unknown };
  messages?: { value?: { message?: unknown }[] };
}

/**
 * Notices when Okta refuses a user who has signed in, by a policy or because `acr_values` could not be met. The widget
 * shows a message then and never settles; hosted, the same comes back as an OAuth error, and so it does here.
 */
export function watchForRefusal(client: HttpRequestClient): { client: HttpRequestClient; refused: Promise<never> } {
  let refuse: (error: OktaElementsError) => void;
  const refused = new Promise<never>((_, reject) => (refuse = reject));
  // Mostly nobody is refused, and nobody waits for it any more.
  refused.catch(() => {});
  return {
    refused,
    async client(method, url, request) {
      try {
        return await client(method, url, request);
      } catch (answer) {
        const error = refusalIn((answer as { responseText?: unknown } | undefined)?.responseText);
        if (!error) throw answer;
        refuse(error);
        // The widget would go on, and remember the sign-in.
        return new Promise(() => {});
      }
    },
  };
}

/** `access_denied` when an answer says that the sign-in is over, in Okta's words. */
export function refusalIn(text: unknown): OktaElementsError | undefined {
  if (typeof text !== 'string' || !text.includes('"failure-redirect"')) return undefined;
  try {
    const { failure, messages } = JSON.parse(text) as FinalAnswer;
    if (failure?.name !== 'failure-redirect') return undefined;
    const said = messages?.value?.[0]?.message;
    const why = (typeof said === 'string' && said ? said : 'access_denied').slice(0, 300).replace(/[.\s]+$/, '');
    // As session/callback.ts has it. Were that shared, both styles would wait for a file of its own.
    return new OktaElementsError(
      'access_denied',
      `Okta answered: ${why}; ask whoever runs this site for access, or sign in as somebody else.`,
    );
  } catch {
    return undefined;
  }
}
