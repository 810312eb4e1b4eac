import { randomBytes } from 'node:crypto';
import type { EmailCode } from './email-code.js';
import type { Transaction } from './transaction.js';

/** What a mailed link stands for. */
export interface EmailLink {
  transaction: Transaction;
  code: EmailCode;
  /** Opened in the browser that asked for it: the step counts as answered. */
  approved: boolean;
}

/** Links that were mailed and are still of use, by their id. The id is not secret enough to be the state handle. */
export class EmailLinks {
  #links = new Map<string, EmailLink>();

  add(transaction: Transaction, code: EmailCode): { id: string; link: EmailLink } {
    const id = randomBytes(16).toString('base64url');
    const link: EmailLink = { transaction, code, approved: false };
    this.#links.set(id, link);
    return { id, link };
  }

  find(id: string): EmailLink | undefined {
    return this.#links.get(id);
  }

  sweep(): void {
    for (const [id, { code }] of this.#links) {
      if (!code.valid) this.#links.delete(id);
    }
  }
}
