import { Alert } from '@patternfly/react-core';
import type { Feed } from '../feed/use-overview.ts';
import { formatTime } from '../format/clock-time.ts';

/** That no numbers come, since when, and why; nothing while all is well. */
export function LostAlert({ feed }: { readonly feed: Feed }) {
  const { lostSince, overview, reason = 'nothing comes' } = feed;
  if (lostSince === undefined) return null;
  const age =
    overview === undefined
      ? 'There are no numbers to show yet.'
      : `The numbers below are old: they are from ${formatTime(lostSince)}.`;
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="h2"
      title={`No new numbers since ${formatTime(lostSince)}`}
      data-testid="lost"
    >
      <p>
        {age} The reason: {reason}. The page comes back by itself.
      </p>
    </Alert>
  );
}
