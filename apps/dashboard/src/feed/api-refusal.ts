/** ms for an answer to begin. */
export const ANSWER_LIMIT = 10_000;

export const OVERVIEW_PATH = '/apis/tagtrail.dev/v1/overview';

/** The API does not take the token. */
export class TokenRefused extends Error {
  constructor() {
    super('the API does not accept this token');
    this.name = 'TokenRefused';
  }
}

/** Throws TokenRefused for 401, and Error with the API's own words for every other answer that is not 2xx. */
export async function checkAnswer(response: Response): Promise<void> {
  if (response.ok) return;
  if (response.status === 401) throw new TokenRefused();
  throw new Error(await refusalOf(response));
}

async function refusalOf(response: Response): Promise<string> {
  const unexplained = `the API answered with status ${response.status}`;
  try {
    const { message } = (await response.json()) as { readonly message?: unknown };
    return typeof message === 'string' ? message : unexplained;
  } catch {
    // Not the API's own answer: a proxy's page says less than its status.
    return unexplained;
  }
}

/** What went wrong, for people. A browser says of a connection that cannot be made only that it failed. */
export function explain(error: unknown): string {
  if (error instanceof TypeError) return 'the API cannot be reached';
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'the API does not answer';
  return error instanceof Error ? error.message : String(error);
}
