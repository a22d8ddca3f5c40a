import { readFileSync } from 'node:fs';
import type { CheckState, ImageStream, TagEvent } from '@tagtrail/image-stream';
import type { openProbe } from './open-store-for-test.ts';

type Argument = string | { readonly base64: string };
type Line =
  | { readonly command: readonly [string, ...Argument[]] }
  | {
      readonly stream: ImageStream;
      readonly checks: Readonly<Record<string, CheckState>>;
      readonly histories: Readonly<Record<string, readonly TagEvent[]>>;
    }
  | { readonly resourceVersion: string };

/**
 * What the store as it was at commit 3ea52b9, before its format had a number, left in Redis: a command a line; and behind
 * them what its own reads answered.
 */
export function readFormat1() {
  const file = new URL('./format-1.jsonl', import.meta.url);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  return {
    commands: parsed.flatMap((line) => ('command' in line ? [line.command] : [])),
    streams: parsed.flatMap((line) => ('stream' in line ? [line] : [])),
    version: parsed.flatMap((line) => ('resourceVersion' in line ? [line.resourceVersion] : []))[0],
  };
}

export async function restoreFormat1(redis: ReturnType<typeof openProbe>): Promise<void> {
  for (const [name, ...args] of readFormat1().commands) {
    const values = args.map((one) =>
      typeof one === 'string' ? one : Buffer.from(one.base64, 'base64'),
    );
    await redis.call(name, ...values);
  }
}
