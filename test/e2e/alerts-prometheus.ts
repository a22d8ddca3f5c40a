import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../free-port.ts';
import { quickRules } from './alerts-rules.ts';
import { startCommand } from './command-process.ts';
import { eventually, ROOT } from './installation.ts';
import { programsOnPath } from './real-programs.ts';

export const DEPLOYED = join(ROOT, 'deploy', 'prometheus');

/** ms for the server to start, or to answer a question, on a busy machine. */
const ANSWER_LIMIT = 30_000;

/** One alert as the server reports it. */
export interface Alert {
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A real Prometheus with the committed rules and scrape configuration, in a hurry. */
export interface RunningPrometheus extends AsyncDisposable {
  /** What is pending or firing now. */
  alerts(): Promise<readonly Alert[]>;
  /** Values of an expression now, one for each series. */
  query(expression: string): Promise<readonly number[]>;
  /** Scrapes `127.0.0.1:<port>` under a job from now on, or no more. */
  setTargets(job: string, ports: readonly number[]): void;
}

interface AlertsAnswer {
  readonly data: { readonly alerts: readonly Alert[] };
}

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

interface ScrapeConfig {
  readonly job_name: string;
}

/**
 * Starts Debian's `prometheus` with deploy/prometheus/prometheus.yml, in which only these things differ: every interval
 * is 1 s, targets come from files, and nobody is told of alerts. The rules are those of `quickRules`.
 */
export async function startPrometheus(token: string): Promise<RunningPrometheus> {
  const [program = ''] = programsOnPath('prometheus');
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-prometheus-'));
  const jobs = writeConfiguration(folder, token);
  const port = await freePort();
  const command = startCommand({
    program,
    cwd: folder,
    args: [
      ...['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--log.level=warn'],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
  });
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`prometheus: ${response.status} ${await response.text()}`);
    return response;
  };
  await eventually(() => ask('/-/ready').catch(() => undefined), ANSWER_LIMIT).catch(() => {
    throw new Error(`prometheus is not ready:\n${command.said()}`);
  });
  return {
    async alerts() {
      const answer: AlertsAnswer = JSON.parse(await (await ask('/api/v1/alerts')).text());
      return answer.data.alerts;
    },
    async query(expression) {
      const answer = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data }: QueryAnswer = JSON.parse(await answer.text());
      return data.result.map(({ value: [, number] }) => Number(number));
    },
    setTargets(job, ports) {
      if (!jobs.includes(job)) throw new Error(`prometheus.yml has no job ${job}`);
      writeTargets(folder, job, ports);
    },
    async [Symbol.asyncDispose]() {
      await command.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes configuration, rules and token; answers the names of the jobs. */
function writeConfiguration(folder: string, token: string): readonly string[] {
  const read = (name: string) => readFileSync(join(DEPLOYED, name), 'utf8');
  const { alerting: _, ...committed } = parse(read('prometheus.yml'));
  const scrapes: readonly ScrapeConfig[] = committed.scrape_configs;
  const quick = {
    ...committed,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: scrapes.map(({ job_name: job, ...scrape }) => ({
      ...scrape,
      job_name: job,
      static_configs: [],
      file_sd_configs: [{ files: [`${job}.json`], refresh_interval: '1s' }],
    })),
  };
  writeFileSync(join(folder, 'prometheus.yml'), stringify(quick));
  writeFileSync(join(folder, 'tagtrail-alerts.yml'), quickRules(read('tagtrail-alerts.yml')));
  writeFileSync(join(folder, 'tagtrail-token'), token, { mode: 0o600 });
  return scrapes.map(({ job_name: job }) => job);
}

/** In one step: half a file would be an error in the server's log. */
function writeTargets(folder: string, job: string, ports: readonly number[]): void {
  const file = join(folder, `${job}.json`);
  const targets = ports.map((port) => `127.0.0.1:${port}`);
  writeFileSync(`${file}.new`, JSON.stringify([{ targets }]));
  renameSync(`${file}.new`, file);
}
