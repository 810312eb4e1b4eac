import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { urlOf } from '../http.js';
import { SIGN_IN_SCRIPT } from './sign-in-script.js';
import { ICON, PAGE_STYLES, SIGN_IN_STYLES } from './styles.js';
import { WIDGET_FOLDER, WIDGET_PATH } from './widget-files.js';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.otf': 'font/otf',
  '.eot': 'application/vnd.ms-fontobject',
};

const OWN: Record<string, { type: string; body: string }> = {
  '/assets/org/page.css': { type: TYPES['.css']!, body: PAGE_STYLES },
  '/assets/org/sign-in.css': { type: TYPES['.css']!, body: SIGN_IN_STYLES },
  '/assets/org/sign-in.js': { type: TYPES['.js']!, body: SIGN_IN_SCRIPT },
  '/assets/org/icon.svg': { type: TYPES['.svg']!, body: ICON },
};

/** Serves the org's own styles and scripts, and the widget's files from its package. True when it has answered. */
export function serveAsset(req: IncomingMessage, res: ServerResponse): boolean {
  const { pathname } = urlOf(req);
  if (!pathname.startsWith('/assets/') || (req.method !== 'GET' && req.method !== 'HEAD')) return false;
  // Fonts and translations are also for pages that embed the widget.
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  const own = OWN[pathname];
  if (own) {
    res
      .writeHead(200, { 'Content-Type': own.type, 'Cache-Control': 'no-cache' })
      .end(req.method === 'HEAD' ? undefined : own.body);
    return true;
  }
  return pathname.startsWith(`${WIDGET_PATH}/`) && serveWidgetFile(pathname.slice(WIDGET_PATH.length + 1), req, res);
}

function serveWidgetFile(path: string, req: IncomingMessage, res: ServerResponse): boolean {
  const file = normalize(join(WIDGET_FOLDER, decode(path)));
  const type = TYPES[extname(file)];
  if (!file.startsWith(WIDGET_FOLDER + sep) || type === undefined) return false;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return false;
  res.writeHead(200, {
    'Content-Type': type,
    'Content-Length': stats.size,
    'Cache-Control': 'public, max-age=31536000, immutable',
  });
  if (req.method === 'HEAD') res.end();
  else
    createReadStream(file)
      .on('error', () => res.destroy())
      .pipe(res);
  return true;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
