import type { CoolDown, HostCoolDown } from '@tagtrail/image-stream';

/** Begins with the end, which scripts read; the reason has blanks of its own. */
const PACKED = /^(\d{1,15}) (\d{1,9}) (.*)$/su;

export function packCoolDown({ until, strikes, reason }: CoolDown): string {
  return `${until} ${strikes} ${reason}`;
}

/** Undefined for what this version cannot read: then the registry has to say it again. */
export function unpackCoolDown(text: string): CoolDown | undefined {
  const [, until, strikes, reason] = PACKED.exec(text) ?? [];
  if (until === undefined || strikes === undefined || reason === undefined) return undefined;
  return { until: Number(until), strikes: Number(strikes), reason };
}

/** What the channel carries: the host, a blank, the packed cool-down. */
export function readCoolDownNews(text: string): HostCoolDown | undefined {
  const blank = text.indexOf(' ');
  const coolDown = blank < 1 ? undefined : unpackCoolDown(text.slice(blank + 1));
  return coolDown && { host: text.slice(0, blank), ...coolDown };
}

/** All that the hash holds, in no order. */
export function unpackCoolDowns(fields: Readonly<Record<string, string>>): readonly HostCoolDown[] {
  return Object.entries(fields).flatMap(([host, text]) => {
    const coolDown = unpackCoolDown(text);
    return coolDown === undefined ? [] : [{ host, ...coolDown }];
  });
}
