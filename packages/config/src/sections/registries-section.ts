import { z } from 'zod';
import { isRegistryPattern } from '../registry-pattern.ts';
import { alias, secretUrl } from '../setting-traits.ts';
import { mirrorsSetting } from './mirrors-setting.ts';

/** A name of 253 characters, or an address, and a port. */
const LONGEST_EXCEPTION = 260;

const patterns = z.array(
  z.string().refine(isRegistryPattern, {
    error:
      'must be host or host:port in lower case, without a scheme or a path; * and ? stand for anything',
  }),
);

/** Tools that know HTTPS_PROXY take `proxy:3128` for a URL. */
const proxy = () =>
  secretUrl(
    z
      .string()
      .overwrite((text) => (text.includes('://') ? text : `http://${text}`))
      .refine(isProxyUrl, { error: 'must be http:// or https:// and the host of a proxy' }),
  );

function isProxyUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

/** What may stand behind `docker-credential-` in the name of a program. */
const HELPER = /^[a-z0-9][a-z0-9._-]*$/i;

/** What is known about registries beforehand. */
export const registriesSection = z.object({
  authFile: z
    .string()
    .min(1)
    .optional()
    .describe('Docker config.json with the credentials of registries.'),
  anonymous: z
    .boolean()
    .default(true)
    .describe('Whether a registry that refuses all credentials is asked without any.'),
  credentialHelpers: z
    .record(
      z.string().min(1),
      z
        .string()
        .regex(HELPER, 'must be the end of the name of a program, as in docker-credential-NAME'),
    )
    .default({})
    .describe(
      'Programs that are asked for the credentials of a registry, e.g. 123.dkr.ecr.eu-west-1.amazonaws.com=ecr-login for docker-credential-ecr-login.',
    ),
  allowed: patterns
    .default([])
    .describe(
      'Registries that images may come from, such as `*.example.com:5000`; without a port, 443. Empty: all.',
    ),
  blocked: patterns
    .default([])
    .describe(
      'Registries that no image may come from, whatever is allowed; without a port, at every port.',
    ),
  privateAddresses: z
    .enum(['refused', 'allowed'])
    .default('refused')
    .describe(
      'Whether registries that definitions name may have private or loopback addresses; `tagtrail up` allows it unless told.',
    ),
  privateRegistries: patterns
    .default([])
    .describe(
      'Hosts that may have private addresses in any case, also token services and targets of redirects; without a port, 443.',
    ),
  caFile: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of authorities to trust besides those of the system, for all registries.'),
  certificatesFolder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder with a folder `host:port` per registry, as Docker's certs.d: *.crt to trust, *.cert and *.key to show.",
    ),
  httpsProxy: alias(proxy(), 'https_proxy', 'HTTPS_PROXY')
    .optional()
    .describe(
      'Proxy to registries over https, reached by CONNECT. https_proxy and HTTPS_PROXY are read too.',
    ),
  httpProxy: alias(proxy(), 'http_proxy', 'HTTP_PROXY')
    .optional()
    .describe('Proxy to registries over plain http. http_proxy and HTTP_PROXY are read too.'),
  noProxy: alias(z.array(z.string().max(LONGEST_EXCEPTION)), 'no_proxy', 'NO_PROXY')
    .default([])
    .describe(
      'Hosts reached without a proxy: `example.com` with all below it, `host:port`, addresses, CIDR ranges, `*`. no_proxy and NO_PROXY are read too.',
    ),
  http2: patterns
    .default([])
    .describe('Registries spoken to over HTTP/2 where they can; all others over HTTP/1.1.'),
  mirrors: mirrorsSetting
    .default([])
    .describe(
      'Registries to ask in place of others, as a list of prefix, locations and fallback; JSON in the variable.',
    ),
});
