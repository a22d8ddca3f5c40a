import { describe, expect, it } from 'vitest';
import { suggestField } from './suggest-field.ts';

describe('suggestField', () => {
  it.each([
    ['specs', '', 'spec'],
    ['apiversion', '', 'apiVersion'],
    ['label', 'metadata', 'metadata.labels'],
    ['tag', 'spec', 'spec.tags'],
    ['dockerimageRepository', 'spec', 'spec.dockerImageRepository'],
    ['schedule', 'spec.tags[3].importPolicy', 'spec.tags[3].importPolicy.scheduled'],
    ['import-policy', 'spec.tags[0]', 'spec.tags[0].importPolicy'],
  ])('finds for %s in "%s" what is spelled almost alike beside it: %s', (name, parent, field) => {
    expect(suggestField(name, parent)).toBe(field);
  });

  it.each([
    ['spec', 'metadata', 'spec'],
    ['tags', 'metadata', 'spec.tags'],
    ['tags', '', 'spec.tags'],
    ['name', '', 'metadata.name'],
    ['name', 'spec', 'metadata.name'],
    ['annotations', 'spec', 'metadata.annotations'],
    ['local', 'spec', 'spec.lookupPolicy.local'],
    ['kind', 'spec.tags[2]', 'spec.tags[2].from.kind'],
    ['scheduled', 'spec.tags[2]', 'spec.tags[2].importPolicy.scheduled'],
    ['type', 'spec.tags[2].importPolicy', 'spec.tags[].referencePolicy.type'],
    ['scheduled', 'spec', 'spec.tags[].importPolicy.scheduled'],
    ['from', 'spec', 'spec.tags[].from'],
  ])('finds for %s in "%s" the same name elsewhere: %s', (name, parent, field) => {
    expect(suggestField(name, parent)).toBe(field);
  });

  it.each([
    ['replicas', 'spec'],
    ['x', ''],
    ['x'.repeat(100_000), 'spec'],
  ])('has nothing to say about %s', (name, parent) => {
    expect(suggestField(name, parent)).toBeUndefined();
  });
});
