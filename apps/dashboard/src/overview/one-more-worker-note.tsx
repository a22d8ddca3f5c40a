import type { Overview } from '@tagtrail/api-client';
import { formatCount, formatShare } from '../format/quantity.ts';
import { liveWorkers } from './service-rows.ts';

/** How busy the workers are, and what one more would change. */
export function OneMoreWorkerNote({ overview }: { readonly overview: Overview }) {
  const { oneMoreWorker, services } = overview;
  const workers = liveWorkers(services).length;
  return (
    <div className="tagtrail-one-more" data-helps={oneMoreWorker.helps}>
      <p>
        <strong data-metric="workers" data-value={workers}>
          {workers === 1 ? '1 worker' : `${formatCount(workers)} workers`}
        </strong>
        <span data-metric="busyShare" data-value={oneMoreWorker.busyShare}>
          {workers > 0 && `, ${formatShare(oneMoreWorker.busyShare)} of their places busy`}
        </span>
      </p>
      <p data-testid="one-more-worker">
        <span className="tagtrail-quiet">Would one more help? </span>
        {sentence(oneMoreWorker.text)}
      </p>
    </div>
  );
}

/** As it stands at the beginning of a line. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
