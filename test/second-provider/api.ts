import { listenOnLoopback } from '../../src/org/server.js';

export interface Api {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * An API on an origin of its own that checks nothing itself: it asks the provider whose token that is, each time
 * (OpenID Connect Core 5.3), and answers with what it is told.
 */
export async function startApi(userinfoEndpoint: string): Promise<Api> {
  const { port, close } = await listenOnLoopback((req, res) => {
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization',
      'cache-control': 'no-store',
    };
    if (req.method === 'OPTIONS') {
      res.writeHead(204, cors).end();
      return;
    }
    fetch(userinfoEndpoint, { headers: { authorization: req.headers.authorization ?? '' } })
      .then(async (answer) => {
        res.writeHead(answer.ok ? 200 : 401, { ...cors, 'content-type': 'application/json' });
        res.end(answer.ok ? await answer.text() : JSON.stringify({ error: 'invalid_token' }));
      })
      .catch(() => res.writeHead(502, cors).end());
  }, 0);
  return { origin: `http://localhost:${port}`, close };
}
