#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OktaElementsError } from '../errors.js';
import { parseFrameSettings, type FrameSettings } from '../widget/frame/settings.js';
import { deployFrame } from './deploy-frame.js';

const HELP = `okta-frame: writes the sign-in frame of <okta-signin isolation="frame">, ready to be deployed.

Usage: okta-frame SETTINGS FOLDER

  SETTINGS  JSON file: issuer, clientId, redirectUri, parents (origins of the pages that show the frame);
            and, if wanted, scopes, generation (2 or 3), widgetOptions
  FOLDER    where the files go; to be served on an origin of its own, such as https://signin.example.com

Besides the page it writes the headers to send with it: nginx.conf, .htaccess (Apache) and _headers (Netlify, Cloudflare
Pages). Run it again after a change of the settings or an update of the package.
Exit codes: 0 written, 1 could not be written, 2 wrong arguments or settings.`;

/** Something the person at the keyboard has to put right. */
class UsageError extends Error {}

const built = fileURLToPath(new URL('../frame/', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [file, folder, ...rest] = positionals;
  if (!file || !folder || rest.length > 0) throw new UsageError(`Give a settings file and a folder.\n\n${HELP}`);
  const settings = await readSettings(file);
  await deployFrame(settings, folder, built);
  console.log(`${folder} has the sign-in frame for ${settings.parents.join(', ')}.
Send the headers of nginx.conf, .htaccess or _headers with it, whichever your server reads. In Okta, make the origin that
it is served on one of the Trusted Origins (CORS), besides those of the pages.`);
}

function readArguments() {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function readSettings(file: string): Promise<FrameSettings> {
  try {
    return parseFrameSettings(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof OktaElementsError ? error.message : `it cannot be read: ${(error as Error).message}`;
    throw new UsageError(`${file}: ${why}`);
  }
}

main().catch((error: Error) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
