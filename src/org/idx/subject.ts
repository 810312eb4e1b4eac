import type { Directory } from '../directory.js';

/** Whom a sign-in is about. Named, not proven: there may be no such user. */
export interface Subject {
  /** As it was typed. */
  identifier: string;
  /** Left out: nobody has this identifier. */
  userId?: string;
  /** What attempts are counted by: the same however the identifier is written. */
  key: string;
}

export function findSubject(directory: Directory, identifier: string): Subject {
  const user = directory.findByLogin(identifier);
  return { identifier, userId: user?.id, key: user?.id ?? `unknown:${identifier.trim().toLowerCase()}` };
}
