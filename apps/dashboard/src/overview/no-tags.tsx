import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { CubesIcon } from '@patternfly/react-icons';

/** What to type when nothing is followed yet. */
export function NoTags() {
  return (
    <EmptyState
      headingLevel="h2"
      icon={CubesIcon}
      titleText="No tags yet"
      variant="sm"
      data-testid="no-tags"
    >
      <EmptyStateBody>
        <p>Follow the first one from a terminal, and see it here within seconds:</p>
        <pre>
          <code>
            npx tagtrail tag quay.io/prometheus/prometheus:latest prometheus:latest --scheduled
          </code>
        </pre>
        <p>
          or describe many in a file: <code>npx tagtrail apply -f stream.yaml</code>
        </p>
      </EmptyStateBody>
    </EmptyState>
  );
}
