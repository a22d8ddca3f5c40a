import { ANSWER_LIMIT, checkAnswer, explain, OVERVIEW_PATH, TokenRefused } from './api-refusal.ts';

/**
 * Whether the API takes the token; the answer is for people, undefined when all is well. An API that knows the token but
 * has no numbers just now (Redis away) is well enough to sign in: the page says what is wrong.
 */
export async function checkToken(server: string, token: string): Promise<string | undefined> {
  const asked = { response: undefined as Response | undefined };
  try {
    asked.response = await fetch(`${server}${OVERVIEW_PATH}`, {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_LIMIT),
    });
    await checkAnswer(asked.response);
    // Read to its end: a browser calls an answer that nobody read aborted.
    await asked.response.arrayBuffer();
    return undefined;
  } catch (error) {
    if (error instanceof TokenRefused) return error.message;
    return asked.response?.status === 503 ? undefined : explain(error);
  }
}
