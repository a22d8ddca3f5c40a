import { readSettings, SettingsError, tagtrailSettings } from '@tagtrail/config';
import type { Variables } from '../config.ts';

const SETTING = 'registries.privateAddresses';
const VARIABLE = 'TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES';
const registries = tagtrailSettings.pick({ registries: true });

/**
 * What lets the workers of `up` ask registries of this machine and its network: whoever writes definitions there has the
 * machine anyway. Nothing where the user has decided it.
 */
export function ownNetworkVariables(variables: Variables): Readonly<Record<string, string>> {
  try {
    const described = readSettings(registries, { env: variables }).describe();
    const { source } = described.find(({ key }) => key === SETTING) ?? { source: 'default' };
    return source === 'default' ? { [VARIABLE]: 'allowed' } : {};
  } catch (error) {
    // The children say what is wrong, each with its own words.
    if (error instanceof SettingsError) return {};
    throw error;
  }
}
