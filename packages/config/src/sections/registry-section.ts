import { z } from 'zod';
import { byteSizeSetting } from '../byte-size-setting.ts';
import { durationSetting } from '../duration-setting.ts';

/** The pull-through registry. */
export const registrySection = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address the registry listens on.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(5420)
    .describe('Port the registry listens on; 0 takes a free one.'),
  certificateFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PEM file of the registry's certificate and its chain; with it, the port answers https as well as http.",
    ),
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of the registry's private key, without a passphrase."),
  allowPlainHttp: z
    .boolean()
    .default(false)
    .describe(
      'Whether other machines are answered over http although there is a certificate; their tokens can be read on the way.',
    ),
  folder: z
    .string()
    .min(1)
    .default('registry-blobs')
    .describe('Folder of the copies of images; several registries may use the same one.'),
  quota: byteSizeSetting('64MiB')
    .prefault('20GiB')
    .describe('Size of all copies together; those that were not pulled for longest go first.'),
  publicUrl: z
    .string()
    .regex(
      /^https?:\/\/[^/?#@\s"]+$/,
      'must be a URL without a path, such as https://registry.example.com',
    )
    .optional()
    .describe(
      'URL under which clients reach the registry, where a proxy stands before it; otherwise what they ask for.',
    ),
  anonymousNamespaces: z
    .array(z.string().min(1))
    .default([])
    .describe('Namespaces whose images everybody may pull without a token; `*` stands for all.'),
  collectAfter: durationSetting({ min: '1m', max: '365d' })
    .prefault('7d')
    .describe('Time after which a copy goes that no stream refers to any more.'),
});
