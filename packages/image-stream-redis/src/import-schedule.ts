import {
  type ClaimedTag,
  type ClaimRequest,
  type ClaimResult,
  type HostCoolDown,
  type ImportSchedule,
  LONGEST_SPREAD,
  type ScheduleStats,
  STALE_GRACE,
} from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { formatTagMember, parseTagMember, type RecordKeys } from './keys.ts';
import { CLAIMED_HOSTS, MAX_HIDDEN, MAX_HOSTS, MAX_SETTLED } from './limits.ts';
import { unpackCoolDowns } from './pack-cool-down.ts';
import { whenReady } from './when-ready.ts';

const claimScript = defineScript(new URL('./claim.lua', import.meta.url));
const settleScript = defineScript(new URL('./settle.lua', import.meta.url), [
  new URL('./place.lua', import.meta.url),
]);

/** The ImportSchedule port on one record slot. */
export function createImportSchedule(guarded: GuardedRedis, keys: RecordKeys): ImportSchedule {
  const schedule = new RedisSchedule(guarded, keys);
  return {
    claim: (request) => whenReady(guarded, () => schedule.claim(request)),
    nextDue: () => whenReady(guarded, () => schedule.nextDue()),
    release: (tags) => whenReady(guarded, () => schedule.settle(tags)),
    forget: (claims) =>
      whenReady(guarded, () => schedule.settle(claims.map((claim) => ({ claim })))),
    stats: (now) => whenReady(guarded, () => schedule.stats(now)),
    coolDowns: (now) => whenReady(guarded, () => schedule.coolDowns(now)),
  };
}

/** What claim.lua answers of each tag. */
const CLAIM_FIELDS = 3;

/** Without a time the tag leaves the schedule. */
interface Settled {
  readonly claim: ClaimedTag;
  readonly at?: number;
}

interface HostMoment {
  readonly now: number;
  /** End of the host's cool-down, while one lasts. */
  readonly coolDown: number | undefined;
}

class RedisSchedule {
  readonly #redis: GuardedRedis['redis'];
  readonly #keys: RecordKeys;

  constructor(guarded: GuardedRedis, keys: RecordKeys) {
    this.#redis = guarded.redis;
    this.#keys = keys;
  }

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    const { now, limit } = request;
    const hosts = await this.#redis.zrangebyscore(
      this.#keys.hosts,
      '-inf',
      now,
      'LIMIT',
      0,
      MAX_HOSTS,
    );
    const tags: ClaimedTag[] = [];
    let more = hosts.length === MAX_HOSTS;
    for (let from = 0; from < hosts.length; from += CLAIMED_HOSTS) {
      const part = hosts.slice(from, from + CLAIMED_HOSTS);
      const later = hosts.length - from - part.length;
      const wanted = { ...request, limit: limit - tags.length };
      const claimed = await this.#claimHosts(part, wanted, later);
      tags.push(...claimed.tags);
      more ||= claimed.more;
    }
    return { tags, more };
  }

  async nextDue(): Promise<number | undefined> {
    const [, score] = await this.#redis.zrange(this.#keys.hosts, '0', '0', 'WITHSCORES');
    return score === undefined ? undefined : Number(score);
  }

  async settle(tags: readonly Settled[]): Promise<void> {
    for (let from = 0; from < tags.length; from += MAX_SETTLED) {
      const part = tags.slice(from, from + MAX_SETTLED);
      const due = part.flatMap(({ claim: { host } }) => [
        this.#keys.due(host),
        this.#keys.leases(host),
      ]);
      const args = part.flatMap(({ claim, at }) => [
        claim.host,
        formatTagMember(claim, claim.tag),
        claim.leaseEnd,
        at ?? '',
      ]);
      await settleScript(this.#redis, [this.#keys.hosts, ...due], args);
    }
  }

  async stats(now: number): Promise<ScheduleStats> {
    const [hosts, coolDowns] = await Promise.all([
      this.#redis.zrange(this.#keys.hosts, '0', String(MAX_HOSTS - 1)),
      this.coolDowns(now),
    ]);
    const ends = new Map(coolDowns.map(({ host, until }) => [host, until]));
    const rows = await Promise.all(
      hosts.map((host) => this.#hostStats(host, { now, coolDown: ends.get(host) })),
    );
    const sum = (key: 'scheduled' | 'due' | 'leased' | 'stale' | 'blocked') =>
      rows.reduce((all, row) => all + row[key], 0);
    const [oldest] = rows
      .flatMap(({ oldest: one }) => (one === undefined || ends.has(one.host) ? [] : one))
      .sort((a, b) => a.due - b.due);
    return {
      scheduled: sum('scheduled'),
      due: sum('due'),
      leased: sum('leased'),
      stale: sum('stale'),
      blocked: sum('blocked'),
      coolDowns,
      lag: Math.max(0, now - (oldest?.due ?? now)),
      ...(oldest !== undefined && { oldest }),
      hosts: rows.map(({ oldest: _, ...row }) => row),
    };
  }

  async coolDowns(now: number): Promise<readonly HostCoolDown[]> {
    const all = unpackCoolDowns(await this.#redis.hgetall(this.#keys.coolDowns));
    return all.filter(({ until }) => until > now).sort((a, b) => a.until - b.until);
  }

  async #claimHosts(
    hosts: readonly string[],
    { now, lease, perHost, limit }: ClaimRequest,
    later: number,
  ): Promise<ClaimResult> {
    const ofHosts = hosts.flatMap((host) => [
      this.#keys.due(host),
      this.#keys.leases(host),
      this.#keys.overdue(host),
    ]);
    const leaseEnd = now + lease;
    const args = [now, leaseEnd, perHost, limit, later, ...hosts];
    const reply = await claimScript(
      this.#redis,
      [this.#keys.hosts, this.#keys.coolDowns, ...ofHosts],
      args,
    );
    const [more, ...fields] = reply as (string | number)[];
    const tags: ClaimedTag[] = [];
    let at = 0;
    for (const host of hosts) {
      const end = at + 1 + Number(fields[at]) * CLAIM_FIELDS;
      for (at += 1; at < end; at += CLAIM_FIELDS) {
        const [member, dueAt, expired] = fields.slice(at, at + CLAIM_FIELDS);
        const key = parseTagMember(String(member));
        tags.push({ ...key, host, dueAt: Number(dueAt), leaseExpired: expired === 1, leaseEnd });
      }
    }
    return { tags, more: more === 1 };
  }

  /**
   * Since when tags are due that nobody finishes: claimed again and again, they are never due for longer than a lease lasts.
   * ms since the epoch, the earliest first, MAX_HIDDEN at most.
   */
  async #hiddenByLeases(host: string, now: number): Promise<readonly number[]> {
    const [due, leases, overdue] = [
      this.#keys.due(host),
      this.#keys.leases(host),
      this.#keys.overdue(host),
    ];
    const late = now - STALE_GRACE;
    const flat = await this.#redis.zrangebyscore(
      overdue,
      '-inf',
      late,
      'WITHSCORES',
      'LIMIT',
      0,
      MAX_HIDDEN,
    );
    const members = flat.filter((_, index) => index % 2 === 0);
    if (members.length === 0) return [];
    const [leased, nextDue] = await Promise.all([
      this.#redis.zmscore(leases, members),
      this.#redis.zmscore(due, members),
    ]);
    // What was settled since has no lease, and what is due for long enough counts as it is.
    return members.flatMap((_, at) =>
      leased[at] != null && Number(nextDue[at] ?? 0) > late ? [Number(flat[2 * at + 1])] : [],
    );
  }

  async #hostStats(host: string, { now, coolDown }: HostMoment) {
    const due = this.#keys.due(host);
    const upTo = (time: number) => this.#redis.zcount(due, '-inf', time);
    const [scheduled, overdue, late, leased, [member, score]] = await Promise.all([
      this.#redis.zcard(due),
      upTo(now),
      upTo(coolDown === undefined ? now - STALE_GRACE : coolDown + LONGEST_SPREAD),
      this.#redis.zcount(this.#keys.leases(host), `(${now}`, '+inf'),
      this.#redis.zrange(due, '0', '0', 'WITHSCORES'),
    ]);
    // A tag that a job has taken is due when its lease ends, so what is due now was not taken.
    const isDue = member !== undefined && Number(score) <= now;
    const oldest = isDue && { key: parseTagMember(member), host, due: Number(score) };
    const hidden = coolDown === undefined ? await this.#hiddenByLeases(host, now) : [];
    const since = Math.min(isDue ? Number(score) : now, ...hidden);
    const overdueFor = now - since;
    const stale = late + hidden.length;
    const delayed = coolDown === undefined ? { stale, blocked: 0 } : { stale: 0, blocked: late };
    const row = { host, scheduled, due: overdue, leased, overdueFor, ...delayed };
    return { ...row, ...(oldest && { oldest }) };
  }
}
