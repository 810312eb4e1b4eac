import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** A bundler's content hash in a file name, such as `widget.B7xk2f9Q.js`: the content behind it never changes. */
const HASHED = /\.[\w-]{8}\.js$/;

/** A folder of files and the path under which they are served. */
export interface Mount {
  /** Begins and ends with a slash. */
  path: string;
  folder: string;
}

export interface StaticFiles {
  /** The first mount whose path fits is asked, and no other. */
  mounts: readonly Mount[];
  /** Sent with every answer. */
  headers(req: IncomingMessage): Record<string, string>;
  /** Changes a page before it is sent. */
  rewrite(html: string, req: IncomingMessage): string;
  /** Page for addresses that lead nowhere, a file. */
  notFound: string;
}

/**
 * The file that a request path names, or nothing. Undecodable paths, dot files, and whatever lies outside the mount,
 * by `..` or by a symbolic link, are nothing as well.
 */
async function findFile(path: string, mounts: readonly Mount[]): Promise<string | undefined> {
  const mount = mounts.find((candidate) => path.startsWith(candidate.path));
  if (!mount) return undefined;
  try {
    const rest = decodeURIComponent(path.slice(mount.path.length));
    if (rest.includes('\0') || rest.split(/[/\\]/).some((part) => part.startsWith('.'))) return undefined;
    const folder = await realpath(mount.folder);
    const file = await realpath(resolve(join(folder, rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest)));
    return file.startsWith(folder + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Serves files: pages are checked anew each time, files with a hash in their name are kept for good. */
export function serveFiles({ mounts, headers, rewrite, notFound }: StaticFiles) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const common = { ...headers(req), 'X-Content-Type-Options': 'nosniff' };
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { ...common, Allow: 'GET, HEAD' }).end();
      return;
    }
    const path = (req.url ?? '/').replace(/[?#].*$/s, '');
    const found = await findFile(path, mounts);
    const file = found ?? notFound;
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const cache = found && HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache';
    res.writeHead(found ? 200 : 404, { ...common, 'Content-Type': type, 'Cache-Control': cache });
    if (req.method === 'HEAD') res.end();
    else if (type.startsWith('text/html')) res.end(rewrite(await readFile(file, 'utf8'), req));
    else await pipeline(createReadStream(file), res);
  };
}
