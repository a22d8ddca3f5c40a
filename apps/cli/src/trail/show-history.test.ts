import { expect, it } from 'vitest';
import { tableLines } from '../terminal/table.ts';
import { historyColumns } from './show-history.ts';

const now = Date.parse('2026-11-23T06:00:00Z');
const digest = `sha256:${'ab12cd34ef56'.repeat(5)}0000`;
const events = [
  {
    created: '2026-11-23T05:58:00Z',
    dockerImageReference: `127.0.0.1:5451/demo/web@${digest}`,
    image: digest,
    generation: 2,
  },
  {
    created: '2026-11-22T06:00:00Z',
    dockerImageReference: '127.0.0.1:5451/demo/web:1',
    image: '',
    generation: 1,
  },
];

it('shows since when a tag pointed to which image', () => {
  expect(tableLines(historyColumns(false, now), events)).toEqual([
    'AGE             CREATED                DIGEST                 REFERENCE',
    '2 minutes ago   2026-11-23T05:58:00Z   sha256:ab12cd34ef56…   127.0.0.1:5451/demo/web',
    '24 hours ago    2026-11-22T06:00:00Z   -                      127.0.0.1:5451/demo/web:1',
  ]);
});

it('shows whole digests when wide', () => {
  const [, line] = tableLines(historyColumns(true, now), events);
  expect(line).toContain(`${digest}   127.0.0.1:5451/demo/web@${digest}`);
});
