import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { CheckCircleIcon, ClockIcon, ExclamationCircleIcon } from '@patternfly/react-icons';
import type { ReactNode } from 'react';
import { formatCount, formatShare } from '../format/quantity.ts';
import { type OutcomeKind, type OutcomeRow, outcomeRows } from './outcome-rows.ts';

const MARKS: Readonly<Record<OutcomeKind, { readonly icon: ReactNode; readonly word: string }>> = {
  good: { icon: <CheckCircleIcon />, word: '' },
  open: { icon: <ClockIcon />, word: '' },
  failed: { icon: <ExclamationCircleIcon />, word: 'Failed: ' },
};

/** Tags by the outcome of their last look. */
export function OutcomesCard({
  outcomes,
}: {
  readonly outcomes: Readonly<Record<string, number>>;
}) {
  const rows = outcomeRows(outcomes);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return (
    <Card component="section" aria-labelledby="outcomes-title" isFullHeight>
      <CardTitle component="h2" id="outcomes-title">
        Tags by their last look
      </CardTitle>
      <CardBody>
        <p className="tagtrail-note" data-metric="tags" data-value={total}>
          {total === 1 ? '1 tag' : `${formatCount(total)} tags`}
        </p>
        <ul className="tagtrail-outcomes">
          {rows.map((row) => (
            <Outcome key={row.outcome} {...row} />
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

function Outcome({ outcome, kind, label, count, share }: OutcomeRow) {
  const { icon, word } = MARKS[kind];
  return (
    <li data-kind={kind} data-metric={`outcome:${outcome}`} data-value={count}>
      <span className="tagtrail-outcomes__icon" aria-hidden="true">
        {icon}
      </span>
      <span className="tagtrail-outcomes__label">
        {word}
        {label}
      </span>
      <span className="tagtrail-outcomes__count">
        {formatCount(count)} <span className="tagtrail-quiet">({formatShare(share)})</span>
      </span>
      <span className="tagtrail-outcomes__bar" aria-hidden="true">
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </li>
  );
}
