import { checkPortFree, findFreePort, isPortFree } from '../processes/free-port.ts';

/** Where the registry is unless somebody else is there already. */
export const DEFAULT_REGISTRY_PORT = 5_420;

/** The port that was asked for, which must be free; else the default, or any that is. Throws CliError `port-taken`. */
export async function chooseRegistryPort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    await checkPortFree(wanted, '--registry-port');
    return wanted;
  }
  return (await isPortFree(DEFAULT_REGISTRY_PORT)) ? DEFAULT_REGISTRY_PORT : findFreePort();
}
