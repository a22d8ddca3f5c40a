import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { runCli } from '../run-cli.ts';
import { MEASURED_COSTS } from './measured-costs.ts';
import { planCapacity } from './plan-capacity.ts';

async function tagtrail(line: string) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli(line.split(' '), readEnvironment(), { stdout, stderr });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}

const WISH = { tags: 100_000, interval: 900_000, hosts: 1, movesPerDay: 0.02, latency: 200 };
const PLAN = planCapacity(WISH, MEASURED_COSTS);

describe('tagtrail plan-capacity', () => {
  it('prints a line for everything that is needed', async () => {
    const { exitCode, stdout, stderr } = await tagtrail(
      'plan-capacity --tags 100000 --interval 15m',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(
      '100000 tags on one registry, each looked at every 15m; 2 % of them move in a day',
    );
    const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/u));
    const need = Object.fromEntries(rows.map(([what = '', value = '']) => [what, value]));
    expect(need).toMatchObject({
      'checks per second': '111',
      workers: String(PLAN.workers),
      'status writers': String(PLAN.statusWriters),
      producers: String(PLAN.producers),
      '- to each registry': '111',
    });
    expect(Object.keys(need)).toEqual(
      expect.arrayContaining([
        'Redis CPU',
        'Redis memory',
        '- for tags',
        '- for images',
        '- for the change log',
        '- for the queue',
        '- for rewrites',
        '- added per day',
        'AOF growth per day',
        'requests per second',
        '- on their way at once',
      ]),
    );
    const reasons = [
      'tags through interval',
      'each at most 70 % of a core',
      'a second one takes over when one dies',
      'of one core; it uses no second one',
      'set maxmemory to no less',
      'records, check states, schedule',
      'manifest and config, one image a tag',
      'its cap',
      'at import.highWater',
      'copied pages while the log is rewritten',
      'events and images of moved tags',
      'before rewrites make it small again',
      'to all registries',
      'mostly HEAD',
      'per registry, of import.perHost',
    ];
    for (const reason of reasons) expect(stdout).toContain(reason);
    expect(stdout).toMatch(
      /Measured on \S+ \(docs\/performance\.md\); a faster or slower core changes the processes, not the bytes\./,
    );
  });

  it('gives programs the whole plan, with what it was made from', async () => {
    const { stdout } = await tagtrail('plan-capacity --tags 100000 -o json');
    expect(JSON.parse(stdout)).toMatchObject({ wish: WISH, plan: PLAN, costs: MEASURED_COSTS });
  });

  it('says on stderr what the defaults do not allow', async () => {
    const { exitCode, stderr } = await tagtrail(
      'plan-capacity --tags 100000 --hosts 2 --interval 1m',
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'warning: 167 requests would be on their way to each registry at once',
    );
  });

  it('names several registries', async () => {
    const { stdout } = await tagtrail('plan-capacity --tags 10 --hosts 3');
    expect(stdout).toContain('10 tags on 3 registries');
  });

  it('refuses what it cannot read, with what to write', async () => {
    expect(await tagtrail('plan-capacity --tags 10 --interval soon')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: --interval "soon" is not a duration from 1s to 365d\nwrite it like 90s, 15m or 6h\n',
    });
    const { exitCode, stderr } = await tagtrail('plan-capacity --tags 0');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('It must be a whole number from 1 to 1000000000.');
  });

  it('shows examples in its help', async () => {
    const { stdout } = await tagtrail('plan-capacity --help');
    expect(stdout).toContain('$ tagtrail plan-capacity --tags 100000 --interval 15m');
  });
});
