import { answerQuestions } from '../registry/script-child.ts';
import { RawConnection } from './raw-connection.ts';

/** What to ask for, in turn, until it was asked for `count` times. */
export interface PullOrder {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly count: number;
  readonly connections: number;
}

/** What came of it. */
export interface Pulled {
  readonly count: number;
  /** Of all bodies. */
  readonly bytes: number;
  /** s from the first request to the last byte. */
  readonly wall: number;
}

answerQuestions(async (order: PullOrder): Promise<Pulled> => {
  const { host, count, connections: width } = order;
  const requests = order.paths.map((path) => requestFor(path, order));
  const opening = Array.from({ length: width }, () => RawConnection.open(host));
  const connections = await Promise.all(opening);
  let [next, bytes] = [0, 0];
  const lane = async (connection: RawConnection) => {
    while (next < count) {
      const request = requests[next % requests.length] ?? '';
      next += 1;
      bytes += await connection.ask(request);
    }
  };
  const began = performance.now();
  await Promise.all(connections.map(lane));
  const wall = (performance.now() - began) / 1_000;
  for (const connection of connections) connection[Symbol.dispose]();
  return { count, bytes, wall };
});

function requestFor(path: string, { host, headers }: PullOrder): string {
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
