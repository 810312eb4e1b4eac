import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

/** A mail the org sent. Nothing leaves the machine: this is where it can be read. */
export interface Mail {
  /** Identifies the mail within this mailbox. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** The code the mail asks the reader to type, if any. */
  code?: string;
  /** The address the mail asks the reader to open, if any. */
  link?: string;
  /** Milliseconds since the epoch, on the org's clock. */
  sentAt: number;
}

export interface WaitOptions {
  /** Only mail sent after this one, or at or after this moment (milliseconds since the epoch, on the org's clock). */
  after?: Mail | number;
  /** Milliseconds to wait. Default 30 000. */
  timeoutMs?: number;
}

interface Waiting {
  accepts(mail: Mail, position: number): boolean;
  resolve(mail: Mail): void;
}

/** How many mails are kept. Older ones are dropped. */
const CAPACITY = 1000;

/** Keeps the mail the org sends, and lets tests wait for it. */
export class Mailbox {
  #clock: Clock;
  #mails: Mail[] = [];
  /** How many mails were dropped, so that positions stay comparable. */
  #dropped = 0;
  #waiting = new Set<Waiting>();

  constructor(clock: Clock = { now: () => Date.now() }) {
    this.#clock = clock;
  }

  send(mail: Omit<Mail, 'id' | 'sentAt'>): Mail {
    const sent: Mail = Object.freeze({ ...mail, id: randomBytes(9).toString('base64url'), sentAt: this.#clock.now() });
    this.#mails.push(sent);
    if (this.#mails.length > CAPACITY) {
      this.#mails.shift();
      this.#dropped += 1;
    }
    const position = this.#dropped + this.#mails.length - 1;
    for (const waiting of [...this.#waiting]) {
      if (waiting.accepts(sent, position)) waiting.resolve(sent);
    }
    return sent;
  }

  /** Mail sent to an address, or all of it, oldest first. */
  messages(to?: string): Mail[] {
    return to === undefined ? [...this.#mails] : this.#mails.filter((mail) => isTo(mail, to));
  }

  /**
   * The first mail to an address, waiting for it if it has not been sent yet.
   *
   * @throws Error when none was sent in time
   */
  waitFor(to: string, options: WaitOptions = {}): Promise<Mail> {
    const { after, timeoutMs = 30_000 } = options;
    const start = typeof after === 'object' ? this.#position(after) : -1;
    const accepts = (mail: Mail, position: number): boolean =>
      isTo(mail, to) && position > start && (typeof after !== 'number' || mail.sentAt >= after);

    const already = this.#mails.find((mail, index) => accepts(mail, this.#dropped + index));
    if (already) return Promise.resolve(already);

    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        accepts,
        resolve: (mail) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(mail);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new Error(`No mail to ${to} within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.#waiting.add(waiting);
    });
  }

  #position(mail: Mail): number {
    const index = this.#mails.findIndex((other) => other.id === mail.id);
    return index < 0 ? -1 : this.#dropped + index;
  }
}

function isTo(mail: Mail, address: string): boolean {
  return mail.to.toLowerCase() === address.toLowerCase();
}
