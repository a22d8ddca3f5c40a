import { ApiError } from '@tagtrail/api-client';
import { serviceUnavailable, timeout } from '@tagtrail/apimachinery';
import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { explainFailure, explainReadFailure } from './import-failure.ts';
import type { ImportPlan } from './plan-import.ts';
import { importWish } from './testing/an-import.ts';

const images = (...tags: readonly string[]) =>
  ({ kind: 'images', images: tags.map((tag) => ({ tag, from: 'x/y' })) }) as const;

function explained(
  error: unknown,
  plan: Exclude<ImportPlan, { kind: 'refused' }> = images('latest'),
  dryRun?: true,
): string {
  const wish = importWish('web', dryRun && { dryRun });
  const told = explainFailure(error, { wish, plan }, 1500);
  return told instanceof Error ? told.message : '';
}

const late = new ApiError(timeout('still importing: latest, 1.27'), 504);
const proxy = new ApiError(serviceUnavailable('answered 504', 1), 504);
const noAnswer = new ApiError(serviceUnavailable('no answer', 1), 0, {
  cause: Object.assign(new Error('late'), { name: 'TimeoutError' }),
});

describe('explainFailure', () => {
  it('adds to what the API says is pending how to look later', () => {
    const told = explainFailure(late, { wish: importWish('web'), plan: images('1') }, undefined);
    expect(told).toMatchObject({ code: 504, status: { reason: 'Timeout' } });
    expect(explained(late)).toBe(
      'Timeout: still importing: latest, 1.27; look later with `tagtrail describe is web`',
    );
  });

  it('says after a dry run that there is nothing to look at', () => {
    expect(explained(late, images('latest'), true)).toBe(
      'Timeout: still importing: latest, 1.27; a dry run leaves nothing to look at: try again',
    );
  });

  it('names what may be pending when nobody else does', () => {
    expect(explained(proxy)).toBe(
      'answered 504; tag latest may still be imported; look later with `tagtrail describe is web`',
    );
    expect(explained(proxy, images('1', '2', '3', '4', '5', '6', '7'))).toContain(
      'tags 1, 2, 3, 4, 5 and 2 more may still be imported;',
    );
    expect(explained(proxy, { kind: 'repository', from: 'x/y' })).toContain(
      'tags of x/y may still be imported;',
    );
  });

  it('says that --request-timeout was too short', () => {
    const plan = images('latest');
    const told = explainFailure(noAnswer, { wish: importWish('web'), plan }, 1500);
    const problem =
      'no answer within 1.5 s (--request-timeout): tag latest may still be imported; look later with `tagtrail describe is web`';
    expect(told).toEqual(new CliError('connection', problem, { cause: noAnswer }));
  });

  it('says that nobody answered, without --request-timeout too', () => {
    const draft = { wish: importWish('web'), plan: images('latest') };
    expect(explainFailure(noAnswer, draft, undefined)).toMatchObject({
      message:
        'the API did not answer in time: tag latest may still be imported; look later with `tagtrail describe is web`',
    });
  });

  it('says that nothing was sent when the stream could not even be read', () => {
    const problem =
      'no answer within 1.5 s (--request-timeout) while the image stream was read: no import was sent';
    expect(explainReadFailure(noAnswer, 1500)).toEqual(
      new CliError('connection', problem, { cause: noAnswer }),
    );
    expect(explainReadFailure(late, 1500)).toBe(late);
  });

  it('leaves everything else as it is', () => {
    const draft = { wish: importWish('web'), plan: images('latest') };
    const refused = new ApiError(serviceUnavailable('away', 1), 503);
    expect(explainFailure(refused, draft, 1500)).toBe(refused);
    const aborted = new Error('aborted');
    expect(explainFailure(aborted, draft, 1500)).toBe(aborted);
  });
});
