import { OktaElementsError } from '../errors.js';

/** An Identity Engine answer that ends a sign-in: the user is known, and gets no code. */
interface FinalAnswer {
  failure?: { name?: unknown };
  messages?: { value?: { message?: unknown }[] };
}

/**
 * `access_denied` when an answer says that the sign-in is over, in Okta's words: by a policy, or because `acr_values`
 * could not be met. The widget shows a message then and never settles; hosted, the same comes back as an OAuth error, and
 * so it does here.
 */
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
