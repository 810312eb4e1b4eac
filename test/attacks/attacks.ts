import type { Attack } from './attack.js';
import { authorFragmentsRows } from './rows/author-fragments.js';
import { authorIssuersRows } from './rows/author-issuers.js';
import { authorMarkupRows } from './rows/author-markup.js';
import { authorSettingsRows } from './rows/author-settings.js';
import { messageRows } from './rows/messages.js';
import { settingsRows } from './rows/settings.js';
import { standingRows } from './rows/standing.js';
import { strangerRows } from './rows/strangers.js';
import { typedRows } from './rows/typed.js';

/** Attacks from one side, in the order of the documentation. */
export interface Section {
  readonly title: string;
  /** Page in stories/docs that has their table. */
  readonly page: string;
  /** Heading of the column that says what they come to. */
  readonly result: string;
  readonly attacks: readonly Attack[];
}

export const sections: readonly Section[] = [
  {
    title: 'on the sign-in frame',
    page: 'frame.md',
    result: 'with the frame',
    attacks: [...typedRows, ...strangerRows, ...messageRows, ...settingsRows, ...standingRows],
  },
  {
    title: 'of an author of HTML',
    page: 'configuration.md',
    result: 'as it is',
    attacks: [...authorSettingsRows, ...authorIssuersRows, ...authorFragmentsRows, ...authorMarkupRows],
  },
];

export const attacks: readonly Attack[] = sections.flatMap((section) => section.attacks);
