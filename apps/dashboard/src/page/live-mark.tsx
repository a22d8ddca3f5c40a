import { Label } from '@patternfly/react-core';
import type { Feed } from '../feed/use-overview.ts';

/** Whether what is shown is the present. A screen reader speaks when it changes, not each second. */
export function LiveMark({ feed }: { readonly feed: Feed }) {
  const { lostSince, overview } = feed;
  const isOld = lostSince !== undefined;
  const word = overview === undefined ? 'Connecting' : 'Live';
  return (
    <span role="status" data-testid="live" data-live={!isOld && overview !== undefined}>
      <Label isCompact status={isOld ? 'warning' : overview === undefined ? 'info' : 'success'}>
        {isOld ? 'No news' : word}
      </Label>
    </span>
  );
}
