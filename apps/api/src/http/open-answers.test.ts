import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Principal } from '@tagtrail/access-control';
import { beforeEach, describe, expect, it } from 'vitest';
import { OpenAnswers } from './open-answers.ts';

const principal = (tokenId: string | undefined): Principal => ({
  name: tokenId ?? 'admin',
  tokenId,
  grants: [],
});

/** A response that notes that it was cut off. */
class Response extends EventEmitter {
  isCut = false;

  destroy(): void {
    this.isCut = true;
    this.emit('close');
  }
}

let known: Set<string>;
let isAway: boolean;
let looks: number;
let answers: OpenAnswers;

beforeEach(() => {
  known = new Set(['ci', 'web']);
  [isAway, looks] = [false, 0];
  answers = new OpenAnswers({
    find: async (tokenId) => {
      looks += 1;
      if (isAway) throw new Error('no Redis');
      return known.has(tokenId) ? principal(tokenId) : undefined;
    },
  });
});

function enter(tokenId: string | undefined): Response {
  const response = new Response();
  answers.enter(response as unknown as ServerResponse, principal(tokenId));
  return response;
}

describe('an answer under way', () => {
  it('is cut off when its token counts no more, and no other one is', async () => {
    const [ci, web, api] = [enter('ci'), enter('web'), enter(undefined)];
    await answers.cutRevoked();
    expect([ci.isCut, web.isCut, api.isCut]).toEqual([false, false, false]);
    known.delete('ci');
    await answers.cutRevoked();
    expect([ci.isCut, web.isCut, api.isCut]).toEqual([true, false, false]);
  });

  it('is asked about for as long as it lasts', async () => {
    enter('ci').emit('close');
    await answers.cutRevoked();
    expect(looks).toBe(0);
  });

  it('goes on while nobody can say whether its token was revoked', async () => {
    const ci = enter('ci');
    known.delete('ci');
    isAway = true;
    await answers.cutRevoked();
    expect(ci.isCut).toBe(false);
    isAway = false;
    await answers.cutRevoked();
    expect(ci.isCut).toBe(true);
  });
});
