import type { Overview, OverviewProblem } from '@tagtrail/api-client';
import { padToWidth } from '../terminal/display-width.ts';
import type { Output } from '../terminal/output.ts';
import { plainText } from '../terminal/plain-text.ts';
import { styled } from '../terminal/style.ts';
import { tableLines } from '../terminal/table.ts';
import { foldText } from './fold-text.ts';
import { busiestHosts, HOST_COLUMNS } from './host-table.ts';
import { FAILING, serviceColumns, serviceRows } from './service-table.ts';
import { type Fact, statusFacts } from './status-facts.ts';

const GAP = 3;
/** Columns that a text keeps at least beside what it is about; on narrower terminals it is folded by the terminal. */
const LEAST_TEXT = 20;

/** The whole status for a screen: processes, numbers, registries, and in the last lines whether all is well. */
export function statusLines(
  overview: Overview,
  output: Pick<Output, 'columns' | 'colors'>,
): readonly string[] {
  const now = Date.parse(overview.at);
  const { columns } = output;
  const processes = tableLines(serviceColumns(now), serviceRows(overview), columns);
  const marked = processes.map((line) =>
    line.includes(FAILING) ? styled(output, 'red', line) : line,
  );
  const facts = factLines(statusFacts(overview, now), columns);
  const sections = [marked, facts, hostLines(overview, columns), verdictLines(overview, output)];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function factLines(facts: readonly Fact[], room: number | undefined): readonly string[] {
  const indent = GAP + Math.max(...facts.map(({ about }) => about.length));
  const width = room === undefined ? Number.POSITIVE_INFINITY : Math.max(LEAST_TEXT, room - indent);
  return facts.flatMap(({ about, text }) =>
    foldText(plainText(text), width).map(
      (line, at) => padToWidth(at === 0 ? about : '', indent) + line,
    ),
  );
}

function hostLines(overview: Overview, room: number | undefined): readonly string[] {
  const { shown, more } = busiestHosts(overview);
  if (shown.length === 0) return [];
  const rest = more === 0 ? [] : [`and ${more} more`];
  return [...tableLines(HOST_COLUMNS, shown, room), ...rest];
}

function verdictLines(
  overview: Overview,
  output: Pick<Output, 'columns' | 'colors'>,
): readonly string[] {
  const { problems } = overview;
  const width = output.columns ?? Number.POSITIVE_INFINITY;
  const lines = (text: string) => foldText(plainText(text), width);
  if (problems.length > 0) {
    return problems.flatMap((problem) =>
      lines(describeProblem(problem)).map((line) => styled(output, 'red', line)),
    );
  }
  const { scheduled } = overview.schedule;
  const verdict =
    scheduled === 0 ? 'everything runs; no tag is scheduled' : 'everything is looked at in time';
  return lines(verdict).map((line) => styled(output, 'green', line));
}

function describeProblem({ problem, remedy }: OverviewProblem): string {
  return `${FAILING}: ${problem}. What to do: ${remedy}.`;
}
