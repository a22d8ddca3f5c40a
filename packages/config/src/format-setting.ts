import { z } from 'zod';
import { formatByteSize } from './byte-size.ts';
import { formatDuration } from './duration.ts';
import type { SettingKey } from './setting-key.ts';
import { traitsOf } from './setting-traits.ts';

/**
 * A setting's value as an operator may see it, in the spelling of its variable: secrets masked, durations as
 * durations, absent values empty.
 */
export function formatSetting({ type, traits }: SettingKey, value: unknown): string {
  if (value === undefined) return '';
  if (traits.secret === 'whole') return '***';
  return traits.secret === 'url' ? maskUrl(String(value)) : formatValue(type, value);
}

function formatValue(type: z.core.$ZodType, value: unknown): string {
  if (type instanceof z.ZodRecord) {
    return Object.entries(Object(value))
      .map(([name, part]) => `${name}=${formatValue(type.valueType, part)}`)
      .join(',');
  }
  if (type instanceof z.ZodArray && type.element instanceof z.ZodObject) {
    return Array.isArray(value) && value.length === 0 ? '' : JSON.stringify(value);
  }
  return typeof value === 'number' ? formatNumber(type, value) : String(value);
}

function formatNumber(type: z.core.$ZodType, value: number): string {
  const { duration, byteSize } = traitsOf(type);
  if (duration) return formatDuration(value);
  return byteSize ? formatByteSize(value) : String(value);
}

/** Leaves scheme, host and path of a URL. The last `@` ends the userinfo: what follows is an address, and those have none. */
function maskUrl(url: string): string {
  return url.replace(/\/\/.*@/s, '//***@').replace(/\?.*/s, '?***');
}
