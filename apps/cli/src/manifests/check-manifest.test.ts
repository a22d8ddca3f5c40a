import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { checkManifests } from './check-manifest.ts';
import { parseManifests } from './parse-manifests.ts';

const valid = `
kind: ImageStream
apiVersion: image.openshift.io/v1
metadata: {name: web, labels: {team: a}, annotations: {any.thing/goes: here}}
spec:
  lookupPolicy: {local: false}
  tags:
  - name: latest
    annotations: {tagtrail.dev/schedule: 2s}
    from: {kind: DockerImage, name: "docker.io/library/redis:7"}
    importPolicy: {scheduled: true, insecure: false, importMode: Legacy}
    referencePolicy: {type: Source}
`;

function check(text: string): void {
  checkManifests(parseManifests(text, 'f.yaml'));
}

describe('checkManifests', () => {
  it('accepts an ImageStream, status included', () => {
    expect(() => check(`${valid}status: {tags: [{tag: latest, items: null}]}`)).not.toThrow();
  });

  it('accepts the API version of the 3.x documentation', () => {
    expect(() => check(valid.replace('image.openshift.io/v1', 'v1'))).not.toThrow();
  });

  it.each([
    [
      'kind: ImageStream',
      'kind: Deployment',
      'kind: "Deployment" is not known: must be ImageStream',
    ],
    ['kind: ImageStream\n', '', 'kind: Required value: must be ImageStream'],
    ['scheduled: true', 'schedule: true', 'spec.tags[0].importPolicy.schedule: unknown field'],
    ['spec:', 'specs:', 'specs: unknown field'],
  ])('names file, document and field when "%s" reads "%s"', (right, wrong, message) => {
    expect(() => check(valid.replace(right, wrong))).toThrow(
      new CliError('manifest', `f.yaml: document 1: ${message}`),
    );
  });

  it('names every mistake of every document', () => {
    const wrong = valid.replace('scheduled: true', 'scheduled: "yes"').replace('local:', 'locale:');
    expect(() => check(`${valid}---${wrong}`)).toThrow(
      /^f\.yaml: document 2: spec\.lookupPolicy\.locale: unknown field\nf\.yaml: document 2: spec\.tags\[0\]\.importPolicy\.scheduled: .*"yes"/u,
    );
  });
});
