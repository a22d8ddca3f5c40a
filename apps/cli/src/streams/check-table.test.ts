import type { ImageStreamCheck, TagCheck } from '@tagtrail/api-client';
import { expect, it } from 'vitest';
import { tableLines } from '../terminal/table.ts';
import { checkColumns, checkRows } from './check-table.ts';

const now = Date.parse('2026-11-23T06:00:00Z');

const latest: TagCheck = {
  tag: 'latest',
  schedule: '2s',
  suspended: false,
  host: '127.0.0.1:5451',
  lastChecked: '2026-11-23T05:59:58.500Z',
  lastChanged: '2026-11-23T05:50:00.000Z',
  nextDue: '2026-11-23T06:00:02.000Z',
  attempts: 0,
  outcome: 'unchanged',
  message: '',
  upstreamDigest: null,
  image: null,
};
const fresh: TagCheck = {
  ...latest,
  tag: 'new',
  schedule: null,
  lastChecked: null,
  lastChanged: null,
  nextDue: null,
  outcome: 'never',
};
const broken: TagCheck = {
  ...latest,
  tag: 'gone',
  schedule: '',
  suspended: true,
  attempts: 3,
  outcome: 'NotFound',
  message: 'manifest unknown\n',
};

const checks: readonly ImageStreamCheck[] = [
  {
    kind: 'ImageStreamCheck',
    apiVersion: 'tagtrail.dev/v1',
    metadata: { name: 'web', namespace: 'demo' },
    tags: [latest, fresh, broken],
  },
];

function lines(wide: boolean, withNamespace = false): readonly (readonly string[])[] {
  const table = tableLines(checkColumns({ wide, withNamespace, now }), checkRows(checks));
  return table.map((line) => line.split(/ {2,}/u));
}

it('shows when each tag was looked at and will be', () => {
  expect(lines(false)).toEqual([
    ['TAG', 'LAST CHECKED', 'LAST CHANGED', 'NEXT DUE', 'OUTCOME'],
    ['web:latest', '1 second ago', '10 minutes ago', 'in 2 seconds', 'unchanged'],
    ['web:new', 'never', 'never', '-', 'never'],
    ['web:gone', '1 second ago', '10 minutes ago', 'suspended', 'NotFound'],
  ]);
});

it('says why and where when wide', () => {
  expect(lines(true, true).map((line) => line.slice(-4))).toEqual([
    ['ATTEMPTS', 'SCHEDULE', 'HOST', 'MESSAGE'],
    ['unchanged', '0', '2s', '127.0.0.1:5451'],
    ['never', '0', 'once', '127.0.0.1:5451'],
    ['3', 'default', '127.0.0.1:5451', 'manifest unknown'],
  ]);
});
