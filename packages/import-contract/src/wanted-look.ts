import {
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
  type TagReference,
} from '@tagtrail/image-stream';
import type { ImportJob } from './import-job.ts';

/** GOARCH and GOOS as OCI images name them; within what `decodeImportJob` accepts. */
const PLATFORM_NAME = /^[\w.-]{1,64}$/;

type WantedLook = Pick<
  ImportJob,
  'from' | 'insecure' | 'importMode' | 'preferArchitecture' | 'preferOs'
>;

/** What a job asks for because of how its tag is defined. */
export function wantedLook(tag: TagReference, insecure: boolean): WantedLook {
  const preferArchitecture = preference(tag, PREFER_ARCH_ANNOTATION);
  const preferOs = preference(tag, PREFER_OS_ANNOTATION);
  return {
    from: tag.from?.name ?? '',
    insecure,
    importMode: tag.importPolicy.importMode ?? 'Legacy',
    ...(preferArchitecture === undefined ? {} : { preferArchitecture }),
    ...(preferOs === undefined ? {} : { preferOs }),
  };
}

/** An annotation may hold any text; what names no platform is no preference, and must not make an unreadable job. */
function preference(tag: TagReference, annotation: string): string | undefined {
  const wanted = tag.annotations?.[annotation]?.trim() ?? '';
  return PLATFORM_NAME.test(wanted) ? wanted : undefined;
}
