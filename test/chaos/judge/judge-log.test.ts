import { expect, it } from 'vitest';
import { logOf, MEMBER } from './chaos-facts-for-test.ts';
import { judgeLog } from './judge-log.ts';
import { eventOf, judgeWatchers } from './judge-watchers.ts';

const LOG = logOf(
  [1_000, {}],
  [2_000, { images: 'a' }],
  [3_000, undefined],
  [4_000, { uid: 'u2' }],
);
const SEEN = LOG.map(eventOf);

function wrong(log = LOG, acknowledged: Parameters<typeof judgeLog>[1] = []) {
  return judgeLog(log, acknowledged).flatMap(({ violations }) =>
    violations.map(({ words }) => words),
  );
}

it('a log without holes is as it must be, and has every write that was answered', () => {
  expect(wrong(LOG, [{ words: 'create s0', version: 1, member: MEMBER }])).toEqual([]);
});

it('a hole, a write after the end of a stream, and a lost write are found', () => {
  expect(wrong(LOG.toSpliced(1, 1))).toEqual(['3 follows 1']);
  const [first] = LOG;
  const late = first === undefined ? LOG : [...LOG.slice(0, 3), { ...first, version: 4 }];
  expect(wrong(late)).toEqual([`version 4 writes ${MEMBER} (u1), which was deleted`]);
  expect(wrong(LOG, [{ words: 'edit s1', version: 2, member: 'demo/s1' }])).toHaveLength(1);
  expect(wrong(LOG, [{ words: 'edit s0', version: 9, member: MEMBER }])).toHaveLength(1);
});

it('a watcher that saw the log from where it began is as it must be', () => {
  const sessions = [
    { watcher: 'w', from: 0, seen: SEEN },
    { watcher: 'w', from: 2, seen: SEEN.slice(2, 3) },
  ];
  expect(judgeWatchers(sessions, LOG)).toMatchObject({ checked: 5, violations: [] });
});

it.each([
  ['left one out', SEEN.toSpliced(1, 1)],
  ['saw one twice', [...SEEN.slice(0, 2), ...SEEN.slice(1)]],
  ['saw two in the wrong order', [SEEN[1], SEEN[0], ...SEEN.slice(2)]],
  ['saw another object', SEEN.map((event, at) => (at === 1 ? { ...event, text: '{}' } : event))],
  ['saw another kind of change', SEEN.map((event) => ({ ...event, type: 'ADDED' }))],
])('a watcher that %s is found', (_, seen) => {
  const session = { watcher: 'w', from: 0, seen: seen.filter((event) => event !== undefined) };
  const { violations } = judgeWatchers([session], LOG);
  expect(violations).toHaveLength(1);
  expect(violations[0]?.trace).toHaveLength(2);
});
