import { Button, Card, CardBody, CardFooter, CardTitle } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { OverviewMove } from '@tagtrail/api-client';
import { useState } from 'react';
import { moveKey } from '../feed/overview-state.ts';
import { formatTime } from '../format/clock-time.ts';
import { formatAge } from '../format/duration.ts';
import { CopyableDigest } from './copyable-digest.tsx';

/** Rows until somebody asks for more: what fits beside the rest of the page. */
const FIRST_ROWS = 10;

const COLUMNS = { when: 'When', tag: 'Tag', from: 'From', to: 'To' };

export interface MovesCardProps {
  readonly moves: readonly OverviewMove[];
  /** ms since the epoch, on the API's clock. */
  readonly now: number;
}

/** The last moves, newest first. */
export function MovesCard({ moves, now }: MovesCardProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? moves : moves.slice(0, FIRST_ROWS);
  return (
    <Card component="section" aria-labelledby="moves-title">
      <CardTitle component="h2" id="moves-title">
        Last moves
      </CardTitle>
      <CardBody>
        {moves.length === 0 ? (
          <p className="tagtrail-note">No tag has moved since this API process started.</p>
        ) : (
          <Moves moves={shown} now={now} />
        )}
      </CardBody>
      {moves.length > FIRST_ROWS && (
        <CardFooter>
          <Button variant="link" isInline onClick={() => setWhole(!isWhole)}>
            {isWhole ? `Show the last ${FIRST_ROWS} only` : `Show all ${moves.length}`}
          </Button>
        </CardFooter>
      )}
    </Card>
  );
}

function Moves({ moves, now }: MovesCardProps) {
  return (
    <Table role="table" variant="compact" gridBreakPoint="grid-lg" aria-labelledby="moves-title">
      <Thead>
        <Tr>
          {Object.entries(COLUMNS).map(([key, label]) => (
            <Th key={key}>{label}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {moves.map((move) => (
          <Move key={moveKey(move)} move={move} now={now} />
        ))}
      </Tbody>
    </Table>
  );
}

function Move({ move, now }: { readonly move: OverviewMove; readonly now: number }) {
  const { namespace, name, tag, from, to } = move;
  const at = Date.parse(move.at);
  const key = `${namespace}/${name}:${tag}`;
  return (
    <Tr data-move={key} data-from={from ?? ''} data-to={to} data-at={move.at}>
      <Td dataLabel={COLUMNS.when}>
        <time dateTime={move.at} title={`${formatTime(at)} (${move.at})`}>
          {formatAge(now - at)}
        </time>
      </Td>
      <Td dataLabel={COLUMNS.tag} modifier="breakWord">
        {key}
      </Td>
      <Td dataLabel={COLUMNS.from} modifier="breakWord">
        {from === null ? (
          <span className="tagtrail-quiet">first seen</span>
        ) : (
          <CopyableDigest text={from} name={`what ${key} pointed to`} />
        )}
      </Td>
      <Td dataLabel={COLUMNS.to} modifier="breakWord">
        <CopyableDigest text={to} name={`what ${key} points to`} />
      </Td>
    </Tr>
  );
}
