import { suggestion } from '@tagtrail/config';
import {
  decodeFaultMatch,
  FAULT_MATCH_FIELDS,
  type FaultMatch,
  NAMED_FAULTS,
  type NamedFault,
  SimulatorError,
} from '@tagtrail/registry-simulator';
import { CliError } from '../cli-error.ts';

/** A fault of the catalogue, and the requests that it is narrowed to. */
export interface WishedFault {
  readonly fault: NamedFault;
  readonly match: FaultMatch;
}

const NUMBERS: ReadonlySet<string> = new Set(['skip', 'first', 'every', 'probability', 'seed']);

/** Reads `NAME`, or `NAME:KEY=VALUE,KEY=VALUE` with the fields of a fault's match. Throws CliError `usage`. */
export function parseWishedFault(text: string): WishedFault {
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const fault = NAMED_FAULTS.find((one) => one.name === name);
  if (fault === undefined) {
    const names = NAMED_FAULTS.map((one) => one.name);
    throw new CliError('usage', `no fault is named "${name}"${suggestion(name, names)}`, {
      hint: 'tagtrail simulate-registry --list-faults shows them all',
    });
  }
  const conditions = colon === -1 ? [] : text.slice(colon + 1).split(',');
  const fields = conditions.map((condition) => readCondition(name, condition));
  return { fault, match: decodeMatch(name, Object.fromEntries(fields)) };
}

function readCondition(name: string, condition: string): readonly [string, string | number] {
  const [key = '', ...rest] = condition.split('=');
  const value = rest.join('=');
  if (value === '') {
    throw new CliError('usage', `--fault ${name}: "${condition}" is not KEY=VALUE`);
  }
  if (!FAULT_MATCH_FIELDS.includes(key)) {
    const meant = suggestion(key, FAULT_MATCH_FIELDS);
    throw new CliError('usage', `--fault ${name}: no condition is named "${key}"${meant}`);
  }
  return [key, NUMBERS.has(key) ? Number(value) : value];
}

function decodeMatch(name: string, fields: Readonly<Record<string, unknown>>): FaultMatch {
  try {
    return decodeFaultMatch(fields);
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    const problem = error.message.replace(/^match\./u, '');
    throw new CliError('usage', `--fault ${name}: ${problem}`, { cause: error });
  }
}
