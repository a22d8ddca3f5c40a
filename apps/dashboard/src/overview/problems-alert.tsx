import { Alert } from '@patternfly/react-core';
import type { OverviewProblem } from '@tagtrail/api-client';

/** What is wrong with the installation, and what to do about it; nothing while all is well. */
export function ProblemsAlert({ problems }: { readonly problems: readonly OverviewProblem[] }) {
  if (problems.length === 0) return null;
  const title =
    problems.length === 1 ? 'Something is wrong' : `${problems.length} things are wrong`;
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      component="h2"
      title={title}
      data-testid="problems"
    >
      <ul className="tagtrail-problems">
        {problems.map(({ about, problem, remedy }) => (
          <li key={about} data-problem={about}>
            {upperFirst(problem)}. What to do: {remedy}.
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
