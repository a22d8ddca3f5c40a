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
  freshness: { state: 'Blocked', until: '2026-11-23T06:00:42.000Z' },
};
const fresh: TagCheck = {
  ...latest,
  tag: 'new',
  schedule: null,
  lastChecked: null,
  lastChanged: null,
  nextDue: null,
  outcome: 'never',
  freshness: { state: 'Never' },
};
const broken: TagCheck = {
  ...latest,
  tag: 'gone',
  schedule: '',
  suspended: true,
  attempts: 3,
  outcome: 'NotFound',
  message: 'manifest unknown\n',
  freshness: { state: 'Failing', reason: 'NotFound', since: '2026-11-23T05:00:00.000Z' },
};
const late: TagCheck = {
  ...latest,
  tag: 'late',
  freshness: { state: 'Stale', since: '2026-11-23T05:57:00.000Z' },
};
/** As an older API tells it. */
const { freshness: _, ...older } = { ...late, tag: 'older' };

const checks: readonly ImageStreamCheck[] = [
  {
    kind: 'ImageStreamCheck',
    apiVersion: 'tagtrail.dev/v1',
    metadata: { name: 'web', namespace: 'demo' },
    tags: [latest, fresh, broken, late, older],
  },
];

function lines(wide: boolean, withNamespace = false): readonly (readonly string[])[] {
  const table = tableLines(checkColumns({ wide, withNamespace, now }), checkRows(checks));
  return table.map((line) => line.split(/ {2,}/u));
}

it('shows when each tag was looked at and will be, and how fresh it is', () => {
  const looked = ['1 second ago', '10 minutes ago', 'in 2 seconds', 'unchanged'];
  expect(lines(false)).toEqual([
    ['TAG', 'LAST CHECKED', 'LAST CHANGED', 'NEXT DUE', 'OUTCOME', 'FRESHNESS'],
    ['web:latest', ...looked, 'Blocked (42 s left)'],
    ['web:new', 'never', 'never', '-', 'never', 'Never'],
    ['web:gone', '1 second ago', '10 minutes ago', 'suspended', 'NotFound', 'Failing (NotFound)'],
    ['web:late', ...looked, 'Stale (3 minutes)'],
    ['web:older', ...looked, '-'],
  ]);
});

it('says why and where when wide', () => {
  expect(lines(true, true).map((line) => line.slice(-4))).toEqual([
    ['ATTEMPTS', 'SCHEDULE', 'HOST', 'MESSAGE'],
    ['Blocked (42 s left)', '0', '2s', '127.0.0.1:5451'],
    ['Never', '0', 'once', '127.0.0.1:5451'],
    ['3', 'default', '127.0.0.1:5451', 'manifest unknown'],
    ['Stale (3 minutes)', '0', '2s', '127.0.0.1:5451'],
    ['-', '0', '2s', '127.0.0.1:5451'],
  ]);
});
