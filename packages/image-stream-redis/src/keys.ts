import type { StreamKey } from '@tagtrail/image-stream';
import { slotKey } from '@tagtrail/redis-connection';

/** Every key of one record slot. All share one hash tag, so that a script may touch any of them. */
export interface RecordKeys {
  /** Counter behind every resourceVersion. */
  readonly version: string;
  /** Run id of the Redis process that the counter was last seen under. */
  readonly run: string;
  /** ZSET in lexical order: `namespace/name` of every stream. */
  readonly names: string;
  /** STREAM: one entry `<resourceVersion>-0` per committed change. */
  readonly log: string;
  /** Bytes that the change log holds. */
  readonly logBytes: string;
  /** ZSET: registry host → its earliest due time, ms. */
  readonly hosts: string;
  /** HASH: registry host → packed cool-down; also the channel on which each that begins is told. */
  readonly coolDowns: string;
  /** STRING: number of the stored format. */
  readonly format: string;
  /** STRING, expires: which process migrates the store. */
  readonly migration: string;
  /** STRING: which archive's streams keep their versions. */
  readonly restored: string;
  /** STRING, expires: `namespace/name` of the stream that came back under a uid and has nothing else that is kept under it. */
  restoredUid(uid: string): string;
  /** STRING: counter of runs, which the result log issues. */
  readonly fence: string;
  /** LIST, expires: a history on its way back from an archive. */
  staged(uid: string, tag: string): string;
  /** LIST: deleted streams whose history waits for the collector. */
  readonly deleted: string;
  /** STRING, expires: the uid was that of a stream that is deleted. */
  gone(uid: string): string;
  /** HASH: `uid`, `rv`, `meta`, and `t:<tag>` per status tag. */
  record(key: StreamKey): string;
  /** HASH: outcome → how many tags have it as that of their last look. */
  readonly outcomes: string;
  /** HASH: tag → packed check state, of one incarnation of a stream. */
  checks(uid: string): string;
  /** LIST, newest first: every event a tag ever had. */
  history(uid: string, tag: string): string;
  /** HASH, fields only (smaller than a set): every tag of an incarnation that has a history, also removed ones. */
  histories(uid: string): string;
  /** ZSET: `namespace/name:tag` → due time, ms. */
  due(host: string): string;
  /** ZSET: `namespace/name:tag` → end of its lease, ms; kept past its end until the tag is claimed or settled. */
  leases(host: string): string;
  /** ZSET: `namespace/name:tag` → when it was claimed first, ms, of those leases that ran out; of use while it is under a lease. */
  overdue(host: string): string;
  /** STRING: a compressed image document. */
  image(digest: string): string;
  /** HASH, fields only: `uid:tag` of every history that holds the image, or a whole that it is part of. */
  imageUsers(digest: string): string;
  /** HASH, expires: digest → the list of its referrers that a registry gave; of one incarnation of a stream. */
  referrers(uid: string): string;
  /** SET, expires: repositories that have delivered the blob. */
  delivered(digest: string): string;
  /** HASH, expires: digest of a referrer → what it refers to. */
  referred(uid: string): string;
}

/** Builds the keys of a slot, e.g. `{tagtrail}:is:demo/web`. */
export function recordKeys(slot: string): RecordKeys {
  const key = (...parts: string[]) => slotKey(slot, ...parts);
  return {
    version: key('rv'),
    run: key('run'),
    names: key('names'),
    log: key('log'),
    logBytes: key('log-bytes'),
    hosts: key('hosts'),
    coolDowns: key('cool-downs'),
    format: key('format'),
    migration: key('migration'),
    restored: key('restored'),
    restoredUid: (uid) => key('restored', uid),
    fence: key('fence'),
    staged: (uid, tag) => key('staged', uid, tag),
    deleted: key('deleted'),
    outcomes: key('outcomes'),
    gone: (uid) => key('gone', uid),
    record: (stream) => key('is', formatMember(stream)),
    checks: (uid) => key('checks', uid),
    history: (uid, tag) => key('history', uid, tag),
    histories: (uid) => key('histories', uid),
    due: (host) => key('due', host),
    leases: (host) => key('leases', host),
    overdue: (host) => key('overdue', host),
    image: (digest) => key('image', digest),
    imageUsers: (digest) => key('image-users', digest),
    referrers: (uid) => key('referrers', uid),
    delivered: (digest) => key('delivered', digest),
    referred: (uid) => key('referred', uid),
  };
}

/** `namespace/name`, the name of a stream inside keys and indexes. */
export function formatMember({ namespace, name }: StreamKey): string {
  return `${namespace}/${name}`;
}

/** `namespace/name:tag`, the name of a tag inside the schedule. */
export function formatTagMember(key: StreamKey, tag: string): string {
  return `${formatMember(key)}:${tag}`;
}

export function parseMember(member: string): StreamKey {
  const slash = member.indexOf('/');
  return { namespace: member.slice(0, slash), name: member.slice(slash + 1) };
}

/** Neither a namespace nor a stream's name can hold a colon, so the first one ends them. */
export function parseTagMember(member: string): StreamKey & { readonly tag: string } {
  const colon = member.indexOf(':');
  return { ...parseMember(member.slice(0, colon)), tag: member.slice(colon + 1) };
}
