import type {
  ConnectionEvent,
  RegistryError,
  RepositoryTarget,
  TransportFailure,
} from '@tagtrail/registry-client';

const KEEPS = 'a tag there keeps its last image and is looked at again with growing pauses';

/** What can be done about a connection that does not come to be. */
export function connectionRemarks(
  failure: TransportFailure | undefined,
  { insecure, endpoint }: RepositoryTarget,
): readonly string[] {
  const kind = failure?.kind ?? 'timeout';
  if (kind === 'unknown-host') {
    return [`check the spelling, and the name servers of the machines where workers run`, KEEPS];
  }
  if (kind === 'refused') {
    return [failure?.advice ?? 'addresses where clouds keep credentials are no registries'];
  }
  if (kind === 'certificate' && !insecure) {
    return [
      `make the workers trust who issued it (registries.caFile names a file of authorities), or set importPolicy.insecure on the tag; --insecure tries that here`,
      KEEPS,
    ];
  }
  if ((kind === 'tls' || kind === 'closed') && !insecure) {
    return [
      `if ${endpoint} speaks plain http, set importPolicy.insecure on the tag; --insecure tries that here`,
      KEEPS,
    ];
  }
  return ['check that the registry runs, its port, and what stands between', KEEPS];
}

/** What can be done about a proxy that opens no way to the registry. */
export function proxyRemarks(
  { mode }: Pick<ConnectionEvent, 'mode'>,
  { endpoint }: RepositoryTarget,
): readonly string[] {
  const named =
    mode === 'plain'
      ? 'registries.httpProxy or HTTP_PROXY'
      : 'registries.httpsProxy or HTTPS_PROXY';
  return [
    `check the proxy that ${named} names: that it runs, that it knows the user and password in its URL, and that it lets workers through to ${endpoint}`,
    KEEPS,
  ];
}

/** What Tagtrail does about a request that failed. */
export function failureRemarks(error: RegistryError, now: number): readonly string[] {
  if (error.code === 'TooManyRequests' || error.retryAfter !== undefined) {
    return [waitOf(error, now), KEEPS];
  }
  if (error.code === 'UnsupportedManifest') return ['such images are not recorded'];
  if (error.code === 'Timeout') return ['a look has to be over within import.jobDeadline', KEEPS];
  return [KEEPS];
}

function waitOf({ retryAfter }: RegistryError, now: number): string {
  if (retryAfter === undefined) {
    return 'the registry does not say until when: look less often (schedule.hostIntervals)';
  }
  const until = new Date(now + retryAfter).toISOString();
  return `the registry wants to be left alone: its tag is not looked at before ${until}`;
}
