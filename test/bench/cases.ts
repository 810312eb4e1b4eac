import { beforeIntent } from './cases/before-intent.js';
import { embedded } from './cases/embedded.js';
import type { Case } from './case.js';

/** Everything that is measured. */
export const cases: readonly Case[] = [beforeIntent, ...embedded];
