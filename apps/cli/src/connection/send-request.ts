import { type ConnectionOptions, createApiClient } from '@tagtrail/api-client';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, encoded. */
  readonly path: string;
  readonly body?: unknown;
}

/** Sends a request and reads the JSON that answers it. Throws ApiError. */
export type SendRequest = <T>(request: ApiRequest) => Promise<T>;

/**
 * Requests for resources that the API client has no methods for. The client's own connection sends them, so that time
 * limits and errors are the same everywhere: its `fetch` is led to another path.
 */
export function createRequestSender(options: ConnectionOptions): SendRequest {
  const send = options.fetch ?? fetch;
  return async <T>({ method = 'GET', path, body }: ApiRequest) => {
    const client = createApiClient({
      ...options,
      fetch: (_input, init) =>
        send(`${client.server}${path}`, {
          ...init,
          method,
          ...(body !== undefined && {
            headers: { ...init?.headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        }),
    });
    const answer: unknown = await client.queueMetrics();
    return answer as T;
  };
}
