import { PageSection, Title } from '@patternfly/react-core';
import type { Overview } from '@tagtrail/api-client';
import type { Feed } from '../feed/use-overview.ts';
import { formatTime } from '../format/clock-time.ts';
import type { Theme } from '../theme/theme-choice.ts';
import { ChartCard } from './chart-card.tsx';
import { CHART_PLANS } from './chart-plans.ts';
import { LoadingCards } from './loading-cards.tsx';
import { LostAlert } from './lost-alert.tsx';
import { MovesCard } from './moves-card.tsx';
import { NoTags } from './no-tags.tsx';
import { OutcomesCard } from './outcomes-card.tsx';
import { ProblemsAlert } from './problems-alert.tsx';
import { ScheduleStrip } from './schedule-strip.tsx';
import { ServicesCard } from './services-card.tsx';

export interface OverviewPageProps {
  readonly feed: Feed;
  readonly theme: Theme;
}

/** What one installation does right now. */
export function OverviewPage({ feed, theme }: OverviewPageProps) {
  const { overview } = feed;
  return (
    <PageSection
      className="tagtrail-overview"
      aria-labelledby="overview-title"
      data-testid="overview"
      data-at={overview?.at ?? ''}
      data-old={feed.lostSince !== undefined}
    >
      <header className="tagtrail-overview__head">
        <Title headingLevel="h1" id="overview-title">
          Overview
        </Title>
        {overview && <p className="tagtrail-note">as of {formatTime(Date.parse(overview.at))}</p>}
      </header>
      <LostAlert feed={feed} />
      {overview ? <Cards feed={feed} overview={overview} theme={theme} /> : <LoadingCards />}
    </PageSection>
  );
}

function Cards({ feed, overview, theme }: OverviewPageProps & { readonly overview: Overview }) {
  const { samples, moves, now } = feed;
  const isEmpty = overview.schedule.scheduled === 0 && Object.keys(overview.outcomes).length === 0;
  return (
    <>
      <ProblemsAlert problems={overview.problems} />
      {isEmpty && <NoTags />}
      <ScheduleStrip overview={overview} />
      <div className="tagtrail-charts">
        {CHART_PLANS.map((plan) => (
          <ChartCard key={plan.id} {...{ plan, overview, samples, now, theme }} />
        ))}
        <OutcomesCard outcomes={overview.outcomes} />
      </div>
      <div className="tagtrail-tables">
        <ServicesCard overview={overview} now={now} />
        <MovesCard moves={moves} now={now} />
      </div>
    </>
  );
}
