import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ImageStreams } from '@tagtrail/api-client';
import { CliError, errorMessage } from '../cli-error.ts';
import type { Environment } from '../config.ts';
import type { ChildPlan } from '../processes/child-plan.ts';
import { findFreePort, isPortFree, LOOPBACK } from '../processes/free-port.ts';
import { applyStream } from '../streams/apply-streams.ts';
import { readFileStreams } from '../streams/file-streams.ts';
import { DEMO_NAMESPACE, DEMO_PORT, type DemoPlan, planDemo } from './demo-plan.ts';
import { planSimulator } from './service-plans.ts';

/** In a checkout, and beside the bundle. */
const EXAMPLES = ['../../../../examples/', './examples/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
/** Often enough to see something, seldom enough to read it. */
const PUSH_INTERVAL = '3s';

/** The demo: a simulated registry, and streams that follow it. */
export interface Demo {
  readonly url: string;
  readonly every: string;
  readonly simulator: ChildPlan;
  readonly plan: DemoPlan;
}

/** Reads the examples and finds a port for the simulator: its own, or a free one when that is taken. */
export async function prepareDemo(environment: Environment): Promise<Demo> {
  const target = { namespace: DEMO_NAMESPACE, namespaceIsForced: false };
  const { manifests, problems } = await readFileStreams([findExamples()], target, environment);
  if (problems.length > 0) throw new CliError('manifest', problems.join('\n'));
  const port = (await isPortFree(DEMO_PORT)) ? DEMO_PORT : await findFreePort();
  const plan = planDemo(manifests, `${LOOPBACK}:${port}`);
  const { moving, still } = plan;
  const { variables } = environment;
  return {
    url: `http://${LOOPBACK}:${port}`,
    every: PUSH_INTERVAL,
    simulator: planSimulator({ port, every: PUSH_INTERVAL, moving, still, variables }),
    plan,
  };
}

function findExamples(): string {
  const found = EXAMPLES.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new CliError('usage', '--demo needs the folder examples/ of a checkout, which is not here');
}

/** Applies the examples. One that is refused is said, and keeps nothing else from running. */
export async function applyExamples(
  streams: ImageStreams,
  { plan }: Demo,
  say: (line: string) => void,
): Promise<void> {
  for (const manifest of plan.manifests) {
    try {
      await applyStream(streams, manifest);
    } catch (error) {
      say(`${manifest.place} cannot be applied: ${errorMessage(error)}`);
    }
  }
}
