import { describe, expect, it } from 'vitest';
import { composeService } from './resource-stack.ts';

function resource(name: string, closed: string[], failure?: Error): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      closed.push(name);
      if (failure) throw failure;
    },
  };
}

describe('composeService', () => {
  it('closes what it opened in reverse, each even if another fails', async () => {
    const closed: string[] = [];
    const service = await composeService(async (resources) => {
      resources.use(resource('first', closed));
      resources.use(resource('second', closed, new Error('stuck')));
      resources.use(resource('third', closed));
      return async () => undefined;
    });
    await expect(service[Symbol.asyncDispose]()).rejects.toThrow('stuck');
    expect(closed).toEqual(['third', 'second', 'first']);
  });

  it('closes what was open when opening failed, and tells that failure', async () => {
    const closed: string[] = [];
    const opening = composeService(async (resources) => {
      resources.use(resource('first', closed, new Error('stuck too')));
      throw new Error('no Redis');
    });
    await expect(opening).rejects.toThrow('no Redis');
    expect(closed).toEqual(['first']);
  });
});
