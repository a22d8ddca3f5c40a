import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import {
  authorizations,
  demandToken,
  MANIFEST_DIGEST,
  sendManifest,
  sendStatus,
} from '../testing/scripted-registry.ts';
import { openScriptedServer } from '../testing/scripted-server.ts';
import type { Credential } from './credential.ts';
import { CredentialTurns } from './credential-turns.ts';

const never = new AbortController().signal;
const named = (username: string): Credential => ({
  name: `secret "${username}"`,
  username,
  password: `planted-${username}`,
});
const [first, second, third] = [named('first'), named('second'), named('third')];
const basic = ({ username, password }: Credential) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** A registry that lets one account in; `refusal` is what others get. */
function admits(account: Credential, refusal = 401): RequestListener {
  const wanted = basic(account);
  return ({ headers }, response) => {
    if (headers.authorization === wanted) {
      sendManifest(response);
    } else {
      const status = headers.authorization === undefined ? 401 : refusal;
      sendStatus(response, status, { 'www-authenticate': 'Basic realm="r"' });
    }
  };
}

const open = (
  answer: RequestListener,
  credentials: readonly Credential[],
  anonymousFallback = false,
) => openForTest(answer, { credentials: () => credentials, plaintext: true, anonymousFallback });

describe('several credentials', () => {
  it.each([401, 403, 404])(
    'are tried in turn after a %i, and the one that worked comes first',
    async (refusal) => {
      await using registry = await open(admits(third, refusal), [first, second, third]);
      const head = () => registry.client.headManifest(registry.target, 'latest', never);
      expect((await head()).digest).toBe(MANIFEST_DIGEST);
      expect(authorizations(registry)).toEqual([undefined, ...[first, second, third].map(basic)]);
      await head();
      expect(authorizations(registry).slice(4)).toEqual([basic(third)]);
    },
  );

  it('are named when all of them are refused, and nothing of their values is told', async () => {
    await using registry = await open(admits(third), [first, second], true);
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'Unauthorized' });
    await expect(look).rejects.toThrow(
      'tried in turn: the credentials of secret "first", the credentials of secret "second", no credentials',
    );
    await expect(look).rejects.not.toThrow(/planted/);
  });

  it('give way to none at all where that is allowed', async () => {
    const answer: RequestListener = (request, response) =>
      request.headers.authorization === undefined && seen.push(1) > 1
        ? sendManifest(response)
        : sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
    const seen: number[] = [];
    await using registry = await open(answer, [first], true);
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(authorizations(registry)).toEqual([undefined, basic(first), undefined]);
  });

  it('are not tried after a 404 where one of them is known to open the repository', async () => {
    let gone = false;
    await using registry = await open(
      (request, response) => {
        const known = request.headers.authorization === basic(second);
        if (known && gone) sendStatus(response, 404);
        else admits(second)(request, response);
      },
      [first, second],
    );
    const head = () => registry.client.headManifest(registry.target, 'latest', never);
    await head();
    gone = true;
    const before = registry.requests.length;
    await expect(head()).rejects.toMatchObject({ code: 'NotFound' });
    const shown = authorizations(registry).slice(before);
    expect(new Set(shown)).toEqual(new Set([basic(second)]));
  });

  it('that come after one which was revoked are no wiser than they were: a 404 is not the last word', async () => {
    let revoked = false;
    await using registry = await open(
      (request, response) => {
        const { authorization } = request.headers;
        const opens = authorization === basic(revoked ? third : first);
        if (opens) sendManifest(response);
        else if (authorization === basic(second)) sendStatus(response, 404);
        else sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
      },
      [first, second, third],
    );
    const head = () => registry.client.headManifest(registry.target, 'latest', never);
    await head();
    revoked = true;
    expect((await head()).digest).toBe(MANIFEST_DIGEST);
  });

  it('are tried no more than once each where the registry does not say what it wants', async () => {
    await using registry = await open((_, response) => sendStatus(response, 403), [first, second]);
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'Forbidden' });
    expect(authorizations(registry)).toEqual([undefined]);
  });

  it('are not tried at all where they are kept back, and none is said to have been', async () => {
    await using registry = await openForTest(admits(first), {
      credentials: () => [first, second],
      anonymousFallback: true,
    });
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toThrow(/not sent, because the registry is spoken to in plain http/);
    await expect(look).rejects.not.toThrow(/tried in turn/);
    expect(authorizations(registry)).toEqual([undefined]);
  });

  it('are kept back from the token service of somebody else, which says so', async () => {
    await using stranger = await openScriptedServer((_, response) => sendStatus(response, 401));
    const realm = `${stranger.url.replace('127.0.0.1', 'localhost')}/token`;
    await using registry = await openForTest(
      (request, response) => demandToken(request, response, { realm }),
      { credentials: () => [first, second], anonymousFallback: true, plaintext: true },
    );
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toThrow(/credentials were not sent to the token service localhost/);
    await expect(look).rejects.not.toThrow(/tried in turn/);
    expect(authorizations(stranger)).toEqual([undefined]);
  });

  it("are those of the target in place of the client's", async () => {
    await using registry = await open(admits(second), [first]);
    const target = { ...registry.target, credentials: () => [second] };
    await registry.client.headManifest(target, 'latest', never);
    expect(authorizations(registry)).toEqual([undefined, basic(second)]);
  });
});

describe('CredentialTurns', () => {
  const target = {
    registry: 'quay.io',
    endpoint: 'quay.io',
    repository: 'team/app',
    insecure: false,
  };
  const clock = { now: 0 };
  const turns = (found: readonly Credential[], anonymous = true) =>
    new CredentialTurns({ source: () => found, anonymous, limit: 10, now: () => clock.now });

  it('has one turn, of nobody, where there is nothing to show', () => {
    expect(turns([], false).of(target)).toEqual([undefined]);
  });

  it('has a bounded number of turns', () => {
    expect(turns(Array.from({ length: 100 }, (_, at) => named(`${at}`))).of(target)).toHaveLength(
      7,
    );
  });

  it('forgets what worked after an hour', () => {
    const two = turns([first, second]);
    two.worked(target, second);
    expect(two.of(target)).toEqual([second, first, undefined]);
    clock.now += 3_600_000;
    expect(two.of(target)).toEqual([first, second, undefined]);
  });
});
