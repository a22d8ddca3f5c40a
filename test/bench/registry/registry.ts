import { loadavg } from 'node:os';
import {
  issueTestCertificate,
  type TestCertificate,
} from '../../../packages/registry-client/src/testing/test-certificate.ts';
import type { BenchReport } from '../bench-report.ts';
import { describeMachine } from '../machine.ts';
import type { BareServerOrder, BareServerPlace } from './bare-server.ts';
import { missingPrograms } from './missing-programs.ts';
import { type Comparison, reportRegistry, type TurnPair } from './registry-report.ts';
import type { RegistryPlace } from './registry-user.ts';
import { sampleImage } from './sample-image.ts';
import { type ScriptChild, startScript } from './script-child.ts';
import { lookBesideSkopeo } from './skopeo-looks.ts';
import type { Side, Turn, TurnOrder, Work } from './user-turns.ts';

/** Pairs of turns, one of either side: a drifting machine hits both. */
const PAIRS = 9;
/** Repositories asked for in turn, as a registry of a company has them. */
const DEFAULT_REPOSITORIES = 1_000;
/** Of one turn: a fifth of a second of CPU or more, so that one collection of garbage does not decide a pair. */
const COUNTS: Readonly<Record<Work, number>> = { check: 12_000, import: 2_500 };
/** Turns of either side before the first that counts: compiled code and open connections. */
const WARM_UP_TURNS = 4;
/** The share of undici's work for the same CPU that is wanted: what is ours weighs less in an import, which has bodies. */
const BARS: Readonly<Record<Work, number>> = { check: 0.7, import: 0.8 };

/** Both sides, each in a process of its own. */
type Sides = Readonly<Record<Side, ScriptChild<TurnOrder>>>;

/** A comparison to be made, and how it is reported. */
interface ContestFigures extends Omit<Comparison, 'bar' | 'pairs'> {
  readonly work: Work;
}

interface Contest extends ContestFigures {
  readonly place: RegistryPlace;
}

const HTTP_FIGURES: readonly ContestFigures[] = [
  { work: 'check', name: 'check over HTTP', figure: 'headHttp', ratioFigure: 'headRatioHttp' },
  { work: 'import', name: 'import over HTTP', figure: 'importHttp', ratioFigure: 'importRatio' },
];
const TLS_FIGURES: readonly ContestFigures[] = [
  { work: 'check', name: 'check over TLS', figure: 'headTls', ratioFigure: 'headRatioTls' },
  { work: 'import', name: 'import over TLS', figure: 'importTls', ratioFigure: 'importRatioTls' },
];

/**
 * What the registry client costs above undici alone, per unchanged look and per verified import, over HTTP and TLS, and
 * beside skopeo at a real registry. `--tags` is the number of repositories.
 */
export async function registryBench({
  tags = DEFAULT_REPOSITORIES,
}: {
  readonly tags?: number;
}): Promise<BenchReport> {
  await using opened = new AsyncDisposableStack();
  const script = new URL('./user-turns.ts', import.meta.url);
  const sides: Sides = {
    tagtrail: opened.use(startScript<TurnOrder>(script)),
    bare: opened.use(startScript<TurnOrder>(script)),
  };
  const load = loadavg()[0] ?? 0;
  const comparisons: Comparison[] = [];
  const tlsLeftOut = missingPrograms('openssl');
  const places = { repositories: tags, overTls: tlsLeftOut === undefined };
  for (const contest of await openContests(opened, places)) {
    comparisons.push(await compare(sides, contest));
    process.stderr.write(`${contest.name}: measured\n`);
  }
  const skopeo = await lookBesideSkopeo(sides.tagtrail);
  const command = `pnpm bench registry${tags === DEFAULT_REPOSITORIES ? '' : ` --tags ${tags}`}`;
  return reportRegistry(
    { comparisons, tlsLeftOut, skopeo, load },
    describeMachine('no Redis', command),
  );
}

async function openContests(
  opened: AsyncDisposableStack,
  { repositories, overTls }: { readonly repositories: number; readonly overTls: boolean },
): Promise<readonly Contest[]> {
  const http = await openPlace(opened, repositories);
  const contests = HTTP_FIGURES.map((figures) => ({ ...figures, place: http }));
  if (!overTls) return contests;
  const tls = await openPlace(opened, repositories, issueTestCertificate());
  return [...contests, ...TLS_FIGURES.map((figures) => ({ ...figures, place: tls }))];
}

/** A bare server in a process of its own, over TLS when there is a certificate. */
async function openPlace(
  opened: AsyncDisposableStack,
  repositories: number,
  tls?: TestCertificate,
): Promise<RegistryPlace> {
  const script = new URL('./bare-server.ts', import.meta.url);
  const server = opened.use(startScript<BareServerOrder>(script));
  const { host } = await server.ask<BareServerPlace>(tls === undefined ? {} : { tls });
  const { manifestDigest, configDigest } = sampleImage();
  return {
    host,
    ...(tls === undefined ? {} : { certificate: tls.cert }),
    repositories: Array.from({ length: repositories }, (_, index) => `bench/app-${index}`),
    manifestDigest,
    configDigest,
  };
}

async function compare(sides: Sides, { place, work, ...contest }: Contest): Promise<Comparison> {
  const take = (side: Side) => sides[side].ask<Turn>({ side, place, work, count: COUNTS[work] });
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) {
    await take('tagtrail');
    await take('bare');
  }
  const pairs: TurnPair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Neither side is always the second.
    const first = pair % 2 === 0 ? undefined : await take('bare');
    const tagtrail = await take('tagtrail');
    pairs.push({ tagtrail, bare: first ?? (await take('bare')) });
  }
  return { ...contest, bar: BARS[work], pairs };
}
