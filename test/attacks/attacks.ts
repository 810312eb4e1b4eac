import type { Attack } from './attack.js';
import { messageRows } from './rows/messages.js';
import { settingsRows } from './rows/settings.js';
import { standingRows } from './rows/standing.js';
import { strangerRows } from './rows/strangers.js';
import { typedRows } from './rows/typed.js';

/** All of them, in the order of the documentation. */
export const attacks: readonly Attack[] = [
  ...typedRows,
  ...strangerRows,
  ...messageRows,
  ...settingsRows,
  ...standingRows,
];
