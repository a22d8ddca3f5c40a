import { setDefaultCACertificates } from 'node:tls';
import { type ApiClient, createApiClient } from '@tagtrail/api-client';
import { CliError, errorMessage } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { kubeconfigOf } from '../config.ts';
import { type ConnectionFlags, readConnectionSettings } from './connection-settings.ts';
import { fetchTellingWarnings } from './told-warnings.ts';

/** The API, and the namespace that is meant when nothing else is said. */
export interface Session {
  readonly api: ApiClient;
  /** Undefined when nobody says one. */
  readonly token: string | undefined;
  readonly namespace: string;
  /** True when -n named it: then a file must not name another one. */
  readonly namespaceIsForced: boolean;
}

/** Finds out where the API is; connects with the first request. Throws CliError `kubeconfig`. */
export function openSession(flags: ConnectionFlags, context: CommandContext): Session {
  const { environment, output } = context;
  const settings = readConnectionSettings(flags, {
    kubeconfig: kubeconfigOf(environment.variables),
    cwd: environment.cwd,
  });
  const { server, token, namespace, certificateAuthority } = settings;
  try {
    // Only this authority then, as kubectl has it: a kubeconfig that names one trusts no other.
    if (certificateAuthority !== undefined) setDefaultCACertificates([certificateAuthority]);
    const options = {
      server,
      fetch: fetchTellingWarnings(output),
      ...(token !== undefined && { token }),
    };
    return {
      api: createApiClient(options),
      token,
      namespace,
      namespaceIsForced: flags.namespace !== undefined,
    };
  } catch (error) {
    throw new CliError('kubeconfig', errorMessage(error), { cause: error });
  }
}
