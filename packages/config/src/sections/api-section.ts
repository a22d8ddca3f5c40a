import { z } from 'zod';
import { durationSetting } from '../duration-setting.ts';
import { isHostAndPort } from '../host-and-port.ts';
import { secret } from '../setting-traits.ts';

/** The Kubernetes-style API. */
export const apiSection = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address the API listens on.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8420)
    .describe('Port the API listens on; 0 takes a free one.'),
  token: secret(
    z
      .string()
      .min(16)
      .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without white space'),
  )
    .optional()
    .describe('Bearer token asked of every client; the API does not start without one.'),
  certificateFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PEM file of the server's certificate and its chain; with it, the port answers https as well as http.",
    ),
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of the certificate's private key, without a passphrase."),
  allowPlainHttp: z
    .boolean()
    .default(false)
    .describe(
      'Whether other machines are answered over http although there is a certificate; their tokens can be read on the way.',
    ),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Host names the API answers to besides localhost, its own address and the names of its certificate.',
    ),
  maxWatches: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe('Open watches at once; one more is answered with 429.'),
  // Node's own fetch gives up on an answer after 5 minutes.
  importWait: durationSetting({ min: '1s', max: '4m' })
    .prefault('1m')
    .describe(
      'Time that a requested import is waited for; later it is answered with 504 and goes on.',
    ),
  registryHostname: z
    .string()
    .refine(isHostAndPort, 'must be a host with a dot or a port, such as registry.example.com:5000')
    .optional()
    .describe(
      'Registry that serves the images of streams: the API answers status.dockerImageRepository with it.',
    ),
});
