import { Card, CardBody, CardTitle, Skeleton } from '@patternfly/react-core';
import { CHART_PLANS } from './chart-plans.ts';

/** The shape of the page, before the first numbers. */
export function LoadingCards() {
  return (
    <div className="tagtrail-charts" aria-busy="true" data-testid="loading">
      {CHART_PLANS.map(({ id, title }) => (
        <Card key={id} component="section" isFullHeight>
          <CardTitle component="h2">{title}</CardTitle>
          <CardBody>
            <Skeleton height="10rem" screenreaderText={`${title}: loading`} />
          </CardBody>
        </Card>
      ))}
    </div>
  );
}
