import { isRecent, secondFactorFor } from '../assurance.js';
import type { SignInRequest } from '../sign-in.js';
import { IdxError, messages } from './messages.js';
import { offerEnrollment, requireEnrollment } from './steps/enroll-factor.js';
import { identify } from './steps/identify.js';
import { challengePassword } from './steps/password.js';
import { challengeSecondFactor, enrolledSecondFactors } from './steps/second-factor.js';
import type { Proof, Transaction } from './transaction.js';

/**
 * What comes next. Steps only prove things; which step follows, and when a sign-in is complete, is decided here.
 */

const PROOF_ORDER: readonly Proof[] = ['pwd', 'otp', 'email'];

/** Goes to the first step. Somebody with a session is known already and proves only what the session does not. */
export async function begin(tx: Transaction): Promise<void> {
  const { request, services } = tx;
  const known = request.sessionUserId === undefined ? undefined : services.directory.get(request.sessionUserId);
  if (known?.status !== 'ACTIVE') {
    tx.go(identify(tx));
    return;
  }
  tx.identify(known.profile.login);
  if (buildsOnSession(request, services.clock.now())) {
    tx.sessionAuthTime = request.sessionAuthTime;
    for (const method of request.sessionAmr ?? []) if (method !== 'mfa') tx.proved.add(method);
  }
  await advance(tx);
}

/**
 * Goes on to whatever is still missing, or completes the sign-in.
 *
 * @throws IdxError 403 when the user may no longer sign in, 401 when the password was changed meanwhile
 */
export async function advance(tx: Transaction): Promise<void> {
  const user = tx.user;
  if (user?.status !== 'ACTIVE') throw new IdxError(403, messages.notAllowed);
  if (tx.passwordVersion !== undefined && tx.passwordVersion !== tx.services.directory.passwordVersion(user.id)) {
    throw new IdxError(401, messages.sessionExpired);
  }
  const secondFactor = needsSecondFactor(tx);
  // Without a time to report, nothing can be reported: then the password is asked for, even if nothing else is.
  const undated = tx.provedAt === undefined && tx.sessionAuthTime === undefined && !secondFactor;
  if (!tx.proved.has('pwd') || undated) {
    tx.go(challengePassword(tx));
  } else if (secondFactor) {
    const factors = enrolledSecondFactors(tx);
    if (factors.length === 0) tx.go(requireEnrollment(tx));
    else challengeSecondFactor(tx, factors);
  } else if (mayEnroll(tx)) {
    tx.go(offerEnrollment(tx));
  } else {
    complete(tx);
  }
}

function complete(tx: Transaction): void {
  const { directory, lockout } = tx.services;
  const userId = tx.user!.id;
  const proofs = PROOF_ORDER.filter((proof) => tx.proved.has(proof));
  lockout.reset(tx.subject!);
  if (tx.proved.has('otp')) directory.setEmailTrusted(userId, true);
  tx.result = {
    userId,
    amr: proofs.length > 1 ? [...proofs, 'mfa'] : proofs,
    authTime: tx.provedAt === undefined ? tx.sessionAuthTime! : Math.floor(tx.provedAt / 1000),
    remember: tx.remember,
  };
}

function needsSecondFactor(tx: Transaction): boolean {
  if (tx.proved.has('otp')) return false;
  const hasTotp = tx.services.directory.totpSecret(tx.user!.id) !== undefined;
  // The mail that let somebody choose a new password is one factor, not two, for whoever has another.
  if (tx.proved.has('email') && !(tx.recovered && hasTotp)) return false;
  return hasTotp || asksForSecondFactor(tx);
}

/** Whether a policy or the app asks for two factors, whatever the user has set up. */
function asksForSecondFactor({ request, services, user }: Transaction): boolean {
  const decision = services.host.decide(request, user!.id);
  // Of a denied request nothing more is asked. It is refused at the end, by the OAuth half: before somebody has proved
  // who they are, nothing is said about what they may do.
  if (!decision.allow) return false;
  const wanted = secondFactorFor(request.acrValues);
  return decision.requireSecondFactor || wanted === 'always' || (wanted === 'if-possible' && user!.emailVerified);
}

/** Whoever needed a second factor and had only the mail may set up something better. Asked until declined. */
function mayEnroll({ emailWasSecondFactor, services, user }: Transaction): boolean {
  const { directory } = services;
  return (
    emailWasSecondFactor && directory.totpSecret(user!.id) === undefined && !directory.declinedEnrollment(user!.id)
  );
}

/** Whether what the session has proved still counts. */
function buildsOnSession({ maxAge, prompt = '', sessionAuthTime }: SignInRequest, now: number): boolean {
  if (prompt.split(' ').includes('login')) return false;
  return maxAge === undefined || (sessionAuthTime !== undefined && isRecent(sessionAuthTime, maxAge, now / 1000));
}
