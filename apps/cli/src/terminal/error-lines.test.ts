import { ApiError } from '@tagtrail/api-client';
import { notFound, unauthorized } from '@tagtrail/apimachinery';
import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { errorLines } from './error-lines.ts';

describe('errorLines', () => {
  it('names the reason of a refusal', () => {
    const status = notFound({
      group: 'image.openshift.io',
      resource: 'imagestreams',
      kind: 'ImageStream',
      name: 'x',
    });
    expect(errorLines(new ApiError(status, 404))).toEqual([
      'Error from server (NotFound): imagestreams.image.openshift.io "x" not found',
    ]);
  });

  it('says where the right token is', () => {
    expect(errorLines(new ApiError(unauthorized(), 401))).toEqual([
      'Error from server (Unauthorized): the token is missing or wrong; the kubeconfig that `tagtrail up` wrote has the right one',
    ]);
  });

  it('says what to do when nobody answers', () => {
    const status = notFound({ group: '', resource: '', kind: '', name: '' });
    const message = 'cannot reach the Tagtrail API at http://127.0.0.1:1: connection refused';
    expect(errorLines(new ApiError({ ...status, message }, 0))).toEqual([
      `error: ${message}; is \`tagtrail up\` running?`,
    ]);
  });

  it('prints every mistake of a file, and other errors with what belongs to them', () => {
    expect(errorLines(new CliError('manifest', 'a: one\nb: two'))).toEqual([
      'error: a: one',
      'error: b: two',
    ]);
    expect(errorLines(new Error('settings:\n  x: wrong'))).toEqual([
      'error: settings:',
      '  x: wrong',
    ]);
    expect(errorLines(new CliError('usage', 'wrong', { hint: "See 'x -h'" }))).toEqual([
      'error: wrong',
      "See 'x -h'",
    ]);
    expect(errorLines('odd')).toEqual(['error: odd']);
  });
});
