import type { FuzzTarget } from '../engine/fuzz-target.ts';
import { authFileTarget } from './auth-file-target.ts';
import { challengeTarget } from './challenge-target.ts';
import { definitionsTarget } from './definitions-target.ts';
import { durationTarget } from './duration-target.ts';
import { errorBodyTarget } from './error-body-target.ts';
import { imageConfigTarget } from './image-config-target.ts';
import { indexTarget } from './index-target.ts';
import { manifestTarget } from './manifest-target.ts';
import { nextPageTarget } from './next-page-target.ts';
import { referenceTarget } from './reference-target.ts';
import { retryAfterTarget } from './retry-after-target.ts';
import { scheduleTarget } from './schedule-target.ts';

/** Every parser of text from outside. */
export const ALL_TARGETS: readonly FuzzTarget[] = [
  referenceTarget,
  challengeTarget,
  manifestTarget,
  indexTarget,
  imageConfigTarget,
  definitionsTarget,
  nextPageTarget,
  retryAfterTarget,
  errorBodyTarget,
  durationTarget,
  scheduleTarget,
  authFileTarget,
];
