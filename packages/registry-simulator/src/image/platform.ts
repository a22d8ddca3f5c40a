import { SimulatorError } from '../simulator-error.ts';

/** A platform as descriptors and configs write it. */
export interface WirePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** `linux/arm64/v8` → its parts. Throws SimulatorError `InvalidRequest` on any other shape. */
export function parsePlatform(text: string): WirePlatform {
  const [os, architecture, variant, ...rest] = text.split('/');
  if (!os || !architecture || variant === '' || rest.length > 0) {
    throw new SimulatorError('InvalidRequest', `platform ${text}: not os/architecture[/variant]`);
  }
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
