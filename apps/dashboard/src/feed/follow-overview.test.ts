import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anOverview } from '../testing/an-overview.ts';
import { checkToken } from './check-token.ts';
import { followOverview } from './follow-overview.ts';
import type { OverviewNews } from './overview-state.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const event = (id: string, type: string, payload: unknown) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(payload)}\n\n`;
const overview = event('r-1', 'overview', anOverview({}));

describe('followOverview', () => {
  let listener: Server;
  let server: string;
  let answers: Answer[];
  let asked: IncomingMessage[];

  beforeEach(async () => {
    answers = [];
    asked = [];
    listener = createServer((request, response) => {
      asked.push(request);
      const answer = answers.shift();
      // What no test expects any more is left open, as a quiet API would.
      answer?.(request, response);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    server = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterEach(async () => {
    listener.closeAllConnections();
    listener.close();
    await once(listener, 'close');
  });

  /** Follows until the news, or the reasons, are as many as expected. */
  async function follow(until: { readonly news?: number; readonly reasons?: number }) {
    const stop = new AbortController();
    const heard = { news: [] as OverviewNews[], reasons: [] as string[], refused: 0 };
    const isEnough = () =>
      heard.news.length >= (until.news ?? Number.POSITIVE_INFINITY) ||
      heard.reasons.length >= (until.reasons ?? Number.POSITIVE_INFINITY);
    const note = (add: () => void) => {
      add();
      if (isEnough()) stop.abort();
    };
    await followOverview({
      server,
      token: 'the-token',
      onNews: (news) => note(() => heard.news.push(news)),
      onBroken: (reason) => note(() => heard.reasons.push(reason)),
      onRefused: () => {
        heard.refused += 1;
      },
      signal: stop.signal,
    });
    return heard;
  }

  it('asks with the token, and tells what comes', async () => {
    answers.push((_, response) => {
      response.write(event('r-0', 'history', { samples: [] }));
      response.write(`: nothing new\n\n${event('r-0', 'unknown', {})}${overview.slice(0, 30)}`);
      response.write(overview.slice(30));
    });
    const { news } = await follow({ news: 2 });
    expect(news.map(({ type }) => type)).toEqual(['history', 'overview']);
    expect(asked[0]?.url).toBe('/apis/tagtrail.dev/v1/overview?watch=true');
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer the-token' });
    expect(asked[0]?.headers).not.toHaveProperty('last-event-id');
  });

  it('comes back with the id of the last event', async () => {
    answers.push(
      (_, response) => response.end(overview),
      (_, response) => response.write(event('r-2', 'overview', anOverview({}))),
    );
    const { reasons } = await follow({ news: 2 });
    expect(reasons).toEqual(['the API ended the connection']);
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'r-1']);
  });

  it('says why nothing comes, in the words of the API where it has some', async () => {
    answers.push(
      (_, response) => response.writeHead(503).end(JSON.stringify({ message: 'redis is away' })),
      (_, response) => response.writeHead(502).end('<html>'),
    );
    const { reasons } = await follow({ reasons: 2 });
    expect(reasons).toEqual(['redis is away', 'the API answered with status 502']);
  });

  it('says that an API of another version cannot be read', async () => {
    answers.push((_, response) => response.write(event('r-1', 'overview', { at: 'now' })));
    const { reasons } = await follow({ reasons: 1 });
    expect(reasons).toEqual([expect.stringContaining('of another version?')]);
  });

  it('stops for good when the token is refused', async () => {
    answers.push((_, response) => response.writeHead(401).end('{}'));
    const { refused, reasons } = await follow({});
    expect([refused, reasons, asked.length]).toEqual([1, [], 1]);
  });

  it.each([
    [200, '{}', undefined],
    [401, '{}', 'the API does not accept this token'],
    [403, '{"message":"this server does not answer"}', 'this server does not answer'],
    [503, '{"message":"redis is away"}', undefined],
  ])('checks a token: %d %s', async (code, body, problem) => {
    answers.push((_, response) => response.writeHead(code).end(body));
    expect(await checkToken(server, 'x')).toBe(problem);
  });

  it('cannot check a token where nobody listens', async () => {
    expect(await checkToken('http://127.0.0.1:1', 'x')).toBe('the API cannot be reached');
  });
});
