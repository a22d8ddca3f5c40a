import { LOOPBACK } from '../processes/free-port.ts';
import type { Output } from '../terminal/output.ts';
import { styled } from '../terminal/style.ts';
import type { StateFolder } from './state-folder.ts';

export interface BannerFacts {
  readonly version: string;
  /** ms that the start took. */
  readonly startTime: number;
  readonly folder: StateFolder;
  readonly redis: string;
  readonly port: number;
  readonly registryPort: number;
  /** Of the simulator; undefined without the demo. */
  readonly simulator: { readonly url: string; readonly every: string } | undefined;
  /** `npx tagtrail` in a checkout. */
  readonly command: string;
  /** Commands find the kubeconfig by themselves. */
  readonly isDefaultFolder: boolean;
}

/** Where to look and what to type, once everything is up. */
export function bannerLines(facts: BannerFacts, output: Pick<Output, 'colors'>): readonly string[] {
  const { folder, port, registryPort, simulator } = facts;
  const bold = (text: string) => styled(output, 'bold', text);
  const base = `http://${LOOPBACK}:${port}`;
  const seconds = (facts.startTime / 1000).toFixed(1);
  return [
    `${bold(`tagtrail ${facts.version} is up`)} after ${seconds} s: records in ${folder.shown} (${facts.redis})`,
    '',
    `  page       ${base}/`,
    `  token      ${folder.shown}/token  the page asks for it`,
    `  queue      ${base}/queue-metrics.json`,
    `  registry   ${LOOPBACK}:${registryPort}  images by stream; docker login -u tagtrail takes the token`,
    ...(simulator === undefined
      ? []
      : [
          `  simulator  ${simulator.url}/v2/  a registry with made-up images; moves a tag every ${simulator.every}`,
        ]),
    `  logs       ${folder.shown}/logs/`,
    '',
    'In another terminal:',
    ...commandLines(facts).map((line) => `  ${line}`),
    '',
    'Ctrl-C stops everything; the records stay.',
    '',
  ];
}

function commandLines({
  command,
  folder,
  isDefaultFolder,
  simulator,
}: BannerFacts): readonly string[] {
  const kubeconfig = isDefaultFolder
    ? []
    : [`export KUBECONFIG=${quoteForShell(folder.kubeconfig)}`];
  if (simulator === undefined) {
    return [
      ...kubeconfig,
      `${command} apply -f stream.yaml`,
      `${command} get is`,
      `${command} watch`,
    ];
  }
  return [
    ...kubeconfig,
    `${command} get is`,
    `${command} get checks`,
    `${command} history web:latest`,
    `${command} watch`,
  ];
}

function quoteForShell(path: string): string {
  return /^[\w./-]+$/u.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
