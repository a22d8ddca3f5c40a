import { connect } from 'node:net';

/** One round trip on a local socket. A server that reads its log answers between two blocks of it. */
const REPLY_TIME_LIMIT = 2_000;

const LINE_END = '\r\n';

export interface RedisAddress {
  /** Path of the unix socket. */
  readonly socket: string;
  readonly password: string;
}

/**
 * Sends AUTH and one command in RESP. Resolves with the reply: its line ('+PONG', '-LOADING …', ':1'; '$-1' for no value), or
 * the value when it is a bulk string. Undefined when nobody listens, or says nothing for 2 s.
 */
export function askRedis(
  address: RedisAddress,
  words: readonly string[],
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = connect({ path: address.socket });
    let heard = '';
    const finish = (reply: string | undefined) => {
      connection.destroy();
      resolve(reply);
    };
    connection.setEncoding('latin1'); // a character a byte, as the protocol counts
    connection.setTimeout(REPLY_TIME_LIMIT, () => finish(undefined));
    connection.on('error', () => finish(undefined));
    connection.on('close', () => finish(undefined));
    connection.on('data', (bytes: string) => {
      heard += bytes;
      const reply = secondReply(heard);
      if (reply !== undefined) finish(Buffer.from(reply, 'latin1').toString());
    });
    connection.write(encodeCommand(['AUTH', address.password]) + encodeCommand(words));
  });
}

/** What came after the reply to AUTH, which is one line; undefined while it is not all there. */
function secondReply(heard: string): string | undefined {
  const [, line, ...others] = heard.split(LINE_END);
  if (line === undefined || others.length === 0) return undefined;
  const length = line.startsWith('$') ? Number(line.slice(1)) : -1;
  if (length < 0) return line;
  const value = others.join(LINE_END);
  return value.length < length ? undefined : value.slice(0, length);
}

function encodeCommand(words: readonly string[]): string {
  const bulk = (word: string) => `$${Buffer.byteLength(word)}${LINE_END}${word}${LINE_END}`;
  return `*${words.length}${LINE_END}${words.map(bulk).join('')}`;
}
