import type { Expected, Module } from './modules.js';
import type { Observation } from './observe.js';

/** What is wrong with what was seen, in sentences; nothing when the module is passed. */
export function judge({ expected, steps, lies }: Module, seen: Observation): string[] {
  const { provider } = seen;
  const authorizations = provider.requests.filter((endpoint) => endpoint === 'authorize').length;
  const allowed = lies?.discovery ? 0 : steps === 'signs in twice' ? 2 : 1;
  const problems = provider.complaints.map((complaint) => `The client ${complaint}.`);
  if (seen.stranded) problems.push('The browser was left elsewhere.');
  if (authorizations > allowed) problems.push(`The browser was sent to the provider ${authorizations} times.`);
  return [...problems, ...outcome(expected, seen)];
}

function outcome(expected: Expected, { signedIn, error, answer, keepsToken, provider }: Observation): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  const isRefusal = (text: string, { code, by }: { code: string; by: string }) =>
    text.startsWith(`${code}: `) && text.includes(`(${by})`);
  switch (expected.is) {
    case 'refused':
      must(!signedIn, 'What is for users only is shown.');
      must(!keepsToken, 'A token is stored.');
      must(!provider.requests.includes('userinfo'), 'The access token was used.');
      must(isRefusal(error, expected), `It should say "${expected.code}" and "${expected.by}", and says "${error}".`);
      break;
    case 'session ended':
      must(provider.issued.length > 3, 'It did not renew.');
      must(!signedIn, 'What is for users only is shown.');
      must(!keepsToken, 'A token is stored.');
      break;
    case 'signed in, userinfo refused':
      must(signedIn, `It is not signed in: ${error}`);
      must(isRefusal(answer, expected), `It should say "${expected.code}" and "${expected.by}", and says "${answer}".`);
      break;
    case 'signed in':
      must(signedIn && keepsToken, `It is not signed in: ${error}`);
      must(error === '', `It says "${error}".`);
      must(provider.requests.includes('keys'), 'It did not ask for the keys.');
      must(
        answer === 'API: 200' || (answer.includes('"user-1"') && answer.includes('Ada Lovelace')),
        `It got "${answer}" from the provider.`,
      );
  }
  return problems;
}
