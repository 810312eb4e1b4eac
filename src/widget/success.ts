import type { HttpRequestClient } from './http.js';
import type { WidgetAnswer } from './stage.js';

/** The end of an Identity Engine answer that has nothing more to ask. */
interface LastAnswer {
  successWithInteractionCode?: { value?: { name?: string; value?: string }[] };
}

/**
 * Notices when the first answer is the last: the user was signed in at Okta already, or came with a mailed code.
 * Generation 3 shows nothing then, and never settles.
 */
export function watchForSuccess(
  client: HttpRequestClient,
  state: string,
): { client: HttpRequestClient; succeeded: Promise<WidgetAnswer> } {
  let succeed: (answer: WidgetAnswer) => void;
  const succeeded = new Promise<WidgetAnswer>((resolve) => (succeed = resolve));
  return {
    succeeded,
    async client(method, url, request) {
      const answer = await client(method, url, request);
      const code = url.endsWith('/idp/idx/introspect') ? codeIn(answer.responseText) : undefined;
      if (!code) return answer;
      succeed({ status: 'SUCCESS', interaction_code: code, state });
      // Nothing is left for the widget to do, or to remember.
      return new Promise(() => {});
    },
  };
}

function codeIn(text: string): string | undefined {
  if (!text.includes('"successWithInteractionCode"')) return undefined;
  try {
    const { successWithInteractionCode } = JSON.parse(text) as LastAnswer;
    return successWithInteractionCode?.value?.find(({ name }) => name === 'interaction_code')?.value;
  } catch {
    return undefined;
  }
}
