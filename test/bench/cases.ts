import type { Case } from './case.js';
import { beforeIntent } from './cases/before-intent.js';
import { callback } from './cases/callback.js';
import { click } from './cases/click.js';
import { embedded } from './cases/embedded.js';
import { guards } from './cases/guards.js';
import { mounts, widgetMounts } from './cases/mounts.js';
import { returning } from './cases/signed-in.js';
import { storm } from './cases/storm.js';

/** Everything that is measured. */
export const cases: readonly Case[] = [
  beforeIntent,
  ...returning,
  ...click,
  callback,
  ...embedded,
  guards,
  mounts,
  widgetMounts,
  storm,
];
