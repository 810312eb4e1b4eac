import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameSettings } from '../widget/frame/settings.js';
import { frameHeaders, framePage, serverFiles, type Hashes } from './frame-files.js';

/**
 * Writes a sign-in frame into a folder.
 * @param built `dist/frame/` of this package
 * @returns the headers to send with it
 */
export async function deployFrame(
  settings: FrameSettings,
  folder: string,
  built: string,
): Promise<Record<string, string>> {
  const hashes = JSON.parse(await readFile(join(built, 'integrity.json'), 'utf8')) as Hashes;
  const deployment = { settings, hashes, nonce: randomBytes(16).toString('base64') };
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(built)) {
    // The script of the other generation is 4 MB.
    if (entry === 'widget-3.js' && settings.generation !== 3) continue;
    await cp(join(built, entry), join(folder, entry), { recursive: true });
  }
  const headers = frameHeaders(deployment);
  const files = {
    'index.html': framePage(await readFile(join(built, 'index.html'), 'utf8'), deployment),
    'okta-frame.json': `${JSON.stringify(settings, null, 2)}\n`,
    ...serverFiles(headers),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return headers;
}
