import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { openSession } from '../connection/open-session.ts';
import { nothingFound } from '../streams/found-objects.ts';
import { requestProblem } from '../streams/request-problem.ts';
import { type NamedObjects, parseObjects } from '../streams/resource.ts';
import { errorLines } from '../terminal/error-lines.ts';
import {
  type DescribedKind,
  type DescribeFlags,
  type Description,
  findDescriptions,
} from './find-descriptions.ts';
import { tagNameProblem } from './tag-name-problem.ts';

export interface DescribeOptions {
  readonly kind: string;
  readonly names: readonly string[];
  readonly flags: DescribeFlags;
}

/** `describe KIND [NAME…]`: without a name, all of them. */
export async function describeObjects(
  options: DescribeOptions,
  context: CommandContext,
): Promise<number> {
  const { flags } = options;
  const wanted = parseObjects(options.kind, options.names);
  const problem = requestProblem(wanted, flags) ?? describeProblem(wanted, flags);
  if (problem !== undefined) throw new CliError('usage', problem);
  const session = openSession(flags, context);
  const namespace = flags.allNamespaces === true ? undefined : session.namespace;
  const kind = describedKind(wanted);
  const descriptions = await findDescriptions({ ...wanted, kind, flags, session, namespace });
  if (descriptions.length === 0) context.output.note(nothingFound(namespace));
  return printDescriptions(descriptions, context);
}

function describedKind({ kind }: NamedObjects): DescribedKind {
  if (kind === 'secret') {
    throw new CliError('usage', 'secrets have no description; see `tagtrail get secrets`');
  }
  if (kind === 'token') {
    const message = 'access tokens have no description; see `tagtrail get tokens -o wide`';
    throw new CliError('usage', message);
  }
  if (kind !== 'checks') return kind;
  throw new CliError('usage', 'checks have no description; see `tagtrail get checks -o wide`');
}

function describeProblem({ kind, names }: NamedObjects, flags: DescribeFlags): string | undefined {
  if (flags.format !== undefined && kind !== 'is' && kind !== 'istag') {
    return 'only image streams and their tags have --format=table';
  }
  if (kind !== 'istag') return undefined;
  return names.map(tagNameProblem).find((problem) => problem !== undefined);
}

/** Two blank lines part the descriptions. One that cannot be read does not keep the others from being shown. */
async function printDescriptions(
  descriptions: readonly Description[],
  { output }: CommandContext,
): Promise<number> {
  let exitCode = 0;
  let separator = '';
  for (const description of descriptions) {
    const text = await attempt(description);
    if (text instanceof ApiError) {
      for (const line of errorLines(text)) output.note(line);
      exitCode = 1;
      continue;
    }
    // A description ends in a line break, and so does what is written as a line.
    output.line(`${separator}${text.replace(/\n$/u, '')}`);
    separator = '\n\n';
  }
  return exitCode;
}

async function attempt(description: Description): Promise<string | ApiError> {
  try {
    return await description();
  } catch (error) {
    // Without an answer the next one would wait in vain too.
    if (error instanceof ApiError && error.code !== 0) return error;
    throw error;
  }
}
