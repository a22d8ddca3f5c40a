import { describe, expect, it } from 'vitest';
import { fieldInvalid, fieldRequired } from './field-cause.ts';
import {
  alreadyExists,
  conflict,
  invalid,
  notFound,
  OBJECT_MODIFIED,
  successStatus,
} from './resource-failures.ts';

const STREAM = {
  group: 'image.openshift.io',
  resource: 'imagestreams',
  kind: 'ImageStream',
  name: 'x',
};
const NAMESPACE = { group: '', resource: 'namespaces', kind: 'Namespace', name: 'demo' };
const FAILURE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
const STREAM_DETAILS = { name: 'x', group: 'image.openshift.io', kind: 'imagestreams' };

describe('failures of a resource', () => {
  it('says that an object was not found', () => {
    expect(notFound(STREAM)).toEqual({
      ...FAILURE,
      message: 'imagestreams.image.openshift.io "x" not found',
      reason: 'NotFound',
      details: STREAM_DETAILS,
      code: 404,
    });
  });

  it('leaves out the group of a legacy resource', () => {
    expect(notFound(NAMESPACE)).toMatchObject({
      message: 'namespaces "demo" not found',
      details: { name: 'demo', kind: 'namespaces' },
    });
    expect(notFound(NAMESPACE).details).not.toHaveProperty('group');
  });

  it('says that an object exists already', () => {
    expect(alreadyExists(STREAM)).toEqual({
      ...FAILURE,
      message: 'imagestreams.image.openshift.io "x" already exists',
      reason: 'AlreadyExists',
      details: STREAM_DETAILS,
      code: 409,
    });
  });

  it('says that an object changed since it was read', () => {
    expect(conflict(STREAM, OBJECT_MODIFIED)).toEqual({
      ...FAILURE,
      message:
        'Operation cannot be fulfilled on imagestreams.image.openshift.io "x": the object has been modified; please apply your changes to the latest version and try again',
      reason: 'Conflict',
      details: STREAM_DETAILS,
      code: 409,
    });
  });

  it('escapes what a name can do to a line', () => {
    expect(notFound({ ...STREAM, name: 'a"b\n' }).message).toBe(
      'imagestreams.image.openshift.io "a\\"b\\n" not found',
    );
  });
});

describe('invalid', () => {
  it('names the one wrong field and calls the object by its kind', () => {
    const cause = fieldRequired('spec.tags[0].from');
    expect(invalid(STREAM, [cause])).toEqual({
      ...FAILURE,
      message: 'ImageStream.image.openshift.io "x" is invalid: spec.tags[0].from: Required value',
      reason: 'Invalid',
      details: { name: 'x', group: 'image.openshift.io', kind: 'ImageStream', causes: [cause] },
      code: 422,
    });
  });

  it('puts several wrong fields in brackets, each line once, but keeps all causes', () => {
    const missing = fieldRequired('metadata.name', 'name or generateName is required');
    const wrong = fieldInvalid('spec.tags[0].from.name', 'abc@badid', 'invalid reference format');
    const status = invalid(STREAM, [missing, wrong, missing]);
    expect(status.message).toBe(
      'ImageStream.image.openshift.io "x" is invalid: [metadata.name: Required value: name or generateName is required, spec.tags[0].from.name: Invalid value: "abc@badid": invalid reference format]',
    );
    expect(status.details?.causes).toHaveLength(3);
  });

  it('is still a sentence without causes', () => {
    expect(invalid(STREAM, []).message).toBe('ImageStream.image.openshift.io "x" is invalid');
  });
});

describe('successStatus', () => {
  it('says which incarnation was deleted', () => {
    expect(successStatus({ ...STREAM, uid: 'u-1' })).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { ...STREAM_DETAILS, uid: 'u-1' },
    });
  });

  it('leaves out a uid that is not known', () => {
    expect(successStatus(STREAM).details).toEqual(STREAM_DETAILS);
  });
});
