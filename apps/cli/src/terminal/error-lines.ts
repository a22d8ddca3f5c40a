import { ApiError } from '@tagtrail/api-client';
import { CliError, errorMessage } from '../cli-error.ts';
import { plainText } from './plain-text.ts';

const NO_ACCESS =
  'the token is missing or wrong; the kubeconfig that `tagtrail up` wrote has the right one';

/**
 * What is printed when a command fails: `Error from server (NotFound): …` when the API refused, `error: …` for
 * everything on this side. Source: kubectl's error printing.
 */
export function errorLines(error: unknown): readonly string[] {
  if (error instanceof ApiError) return [apiErrorLine(error)];
  // A file or the settings may have several mistakes, a line each.
  const lines = errorMessage(error).split('\n').map(plainText);
  if (!(error instanceof CliError)) {
    return lines.map((line, index) => (index === 0 ? `error: ${line}` : `  ${line}`));
  }
  const hint = error.hint === undefined ? [] : [error.hint];
  return [...lines.map((line) => `error: ${line}`), ...hint];
}

function apiErrorLine(error: ApiError): string {
  const message = plainText(error.message);
  if (error.code === 401) return `Error from server (Unauthorized): ${NO_ACCESS}`;
  if (error.code === 0) return `error: ${message}; is \`tagtrail up\` running?`;
  return `Error from server (${error.status.reason ?? `HTTP ${error.code}`}): ${message}`;
}
