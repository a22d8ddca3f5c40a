import type { Output } from '../terminal/output.ts';
import type { ImportDraft } from './import-request.ts';

/** ms between looks at the clock; also how long nothing is shown, because most imports are that quick. */
const TICK = 500;

/** Shows on the status line what is waited for, and how long already, while `work` goes on. */
export async function showProgress<T>(
  output: Pick<Output, 'status'>,
  text: string,
  work: () => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - begin) / 1000);
    output.status(`${text}${seconds === 0 ? '' : `  ${seconds} s`}`);
  }, TICK);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    output.status('');
  }
}

/** An import in a few words. */
export function progressText({ plan, wish }: Pick<ImportDraft, 'plan' | 'wish'>): string {
  if (plan.kind === 'repository') return `importing the tags of ${plan.from}`;
  const [first, ...rest] = plan.images;
  return first === undefined || rest.length > 0
    ? `importing ${plan.images.length} tags of ${wish.name}`
    : `importing ${wish.name}:${first.tag} from ${first.from}`;
}
