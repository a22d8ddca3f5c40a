import { z } from 'zod';
import { apiSection } from './api-section.ts';
import { healthSection } from './health-section.ts';
import { importSection } from './import-section.ts';
import { logSection } from './log-section.ts';
import { redisSection } from './redis-section.ts';
import { registriesSection } from './registries-section.ts';
import { registrySection } from './registry-section.ts';
import { resultsSection } from './results-section.ts';
import { scheduleSection } from './schedule-section.ts';
import { secretsSection } from './secrets-section.ts';

/** Every section of the settings file, whichever process reads it. */
export const tagtrailSettings = z.object({
  redis: redisSection,
  log: logSection,
  health: healthSection,
  schedule: scheduleSection,
  import: importSection,
  results: resultsSection,
  api: apiSection,
  registry: registrySection,
  registries: registriesSection,
  secrets: secretsSection,
});
