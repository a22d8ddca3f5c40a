import {
  openServingCertificate,
  type ServingCertificate,
  ServingCertificateError,
} from '@tagtrail/serving-certificate';
import { CliError } from '../cli-error.ts';
import { LOOPBACK } from '../processes/free-port.ts';
import type { StateFolder } from './state-folder.ts';

/** Every name of this machine to itself. */
const HOSTS = ['localhost', LOOPBACK, '::1'];

/** The API's certificate, made at the first start. Throws CliError `data-folder` when it cannot be written. */
export async function openCertificate(folder: StateFolder): Promise<ServingCertificate> {
  try {
    return await openServingCertificate({ folder: folder.certificates, hosts: HOSTS });
  } catch (error) {
    if (!(error instanceof ServingCertificateError)) throw error;
    throw new CliError('data-folder', error.message, { cause: error });
  }
}
