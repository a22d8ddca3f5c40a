/** A definition with nothing wrong in it. */
export const RIGHT = `kind: ImageStream
apiVersion: image.openshift.io/v1
metadata:
  name: bad
  annotations: {tagtrail.dev/schedule: 5m}
spec:
  lookupPolicy: {local: false}
  tags:
  - name: latest
    from: {kind: DockerImage, name: "quay.io/acme/app:1"}
    importPolicy: {scheduled: true, importMode: Legacy}
    referencePolicy: {type: Source}
`;

/** The right definition with one thing in it otherwise. */
export function changed(right: string, wrong: string): string {
  if (!RIGHT.includes(right)) throw new Error(`"${right}" is not in the definition`);
  return RIGHT.replace(right, wrong);
}

export const FROM = '{kind: DockerImage, name: "quay.io/acme/app:1"}';
export const LOOKUP = 'lookupPolicy: {local: false}';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const LEAVE_OUT = '; leave it out, tags stand in spec.tags';
const ONLY_IMAGES =
  'only tags pointing to Docker repositories may be scheduled for background import';

/** Rules of the API: what is written in place of what, the line of it, what the server says, and what to do besides. */
export type Rule = readonly [
  right: string,
  wrong: string,
  line: number,
  says: string,
  advice?: string,
];

export const RULES: readonly Rule[] = [
  [
    'name: bad',
    'name: Bad',
    4,
    'metadata.name: Invalid value: "Bad": must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"',
  ],
  ['name: bad', 'name: a/b', 4, 'metadata.name: Invalid value: "a/b": may not contain \'/\''],
  ['name: bad', 'name: ..', 4, 'metadata.name: Invalid value: "..": may not be \'..\''],
  [
    'name: bad',
    `name: ${'a'.repeat(251)}`,
    4,
    `metadata.name: Invalid value: "${'a'.repeat(251)}": 'namespace/name' cannot be longer than 255 characters`,
  ],
  [
    'name: bad',
    'namespace: demo',
    3,
    'metadata.name: Required value: name or generateName is required',
  ],
  [
    LOOKUP,
    'dockerImageRepository: quay.io/a/b:1',
    7,
    'spec.dockerImageRepository: Invalid value: "quay.io/a/b:1": the repository name may not contain a tag',
    LEAVE_OUT,
  ],
  [
    LOOKUP,
    `dockerImageRepository: quay.io/a/b@${DIGEST}`,
    7,
    `spec.dockerImageRepository: Invalid value: "quay.io/a/b@${DIGEST}": the repository name may not contain an ID`,
    LEAVE_OUT,
  ],
  [
    LOOKUP,
    'dockerImageRepository: quay.io//b',
    7,
    'spec.dockerImageRepository: Invalid value: "quay.io//b": invalid reference format',
    '; write [REGISTRY/]REPOSITORY[:TAG]',
  ],
  [FROM, '{kind: DockerImage}', 10, 'spec.tags[latest].from.name: Required value'],
  [
    FROM,
    '{kind: DockerImage, name: quay.io/Acme/app}',
    10,
    'spec.tags[latest].from.name: Invalid value: "quay.io/Acme/app": repository name must be lowercase',
  ],
  [
    FROM,
    '{kind: DockerImage, name: "a b"}',
    10,
    'spec.tags[latest].from.name: Invalid value: "a b": invalid reference format',
    '; write [REGISTRY/]REPOSITORY[:TAG]',
  ],
  [
    FROM,
    '{kind: ImageStreamTag, name: "good:1"}',
    11,
    `spec.tags[latest].importPolicy.scheduled: Invalid value: true: ${ONLY_IMAGES}`,
    '; leave it out',
  ],
  [
    FROM,
    `{kind: ImageStreamImage, name: "good@${DIGEST}"}`,
    11,
    `spec.tags[latest].importPolicy.scheduled: Invalid value: true: ${ONLY_IMAGES}`,
    '; leave it out',
  ],
  [
    FROM,
    '{kind: Image, name: a}',
    10,
    "spec.tags[latest].from.kind: Required value: valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'",
  ],
  [
    FROM,
    '{name: quay.io/acme/app}',
    10,
    "spec.tags[latest].from.kind: Required value: valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'",
  ],
  [
    'type: Source',
    'type: local',
    12,
    'spec.tags[0].referencePolicy.type: Invalid value: "local": valid values are "Source", "Local"',
  ],
  [
    'importMode: Legacy',
    'importMode: legacy',
    11,
    `spec.tags[0].importPolicy.importMode: Invalid value: "legacy": invalid import mode, valid modes are '', 'Legacy', 'PreserveOriginal'`,
  ],
  ['name: latest', 'name: ""', 9, 'spec.tags[].name: Required value: a tag needs a name'],
  [
    'apiVersion: image.openshift.io/v1',
    'apiVersion: apps/v1',
    2,
    'apiVersion: Invalid value: "apps/v1": must be image.openshift.io/v1',
  ],
  [
    'scheduled: true',
    'scheduled: yes',
    11,
    'spec.tags[0].importPolicy.scheduled: Invalid value: "yes": must be true or false',
    ', without quotes',
  ],
  [
    'name: latest',
    'name: 3.10',
    9,
    'spec.tags[0].name: Invalid value: 3.1: must be a string',
    '; put it in quotes: "3.10"',
  ],
  [
    FROM,
    'quay.io/acme/app:1',
    10,
    'spec.tags[0].from: Invalid value: "quay.io/acme/app:1": must be an object',
    '; write its fields below it, indented',
  ],
  [
    LOOKUP,
    'lookupPolicy: true',
    7,
    'spec.lookupPolicy: Invalid value: true: must be an object',
    '; write its fields below it, indented',
  ],
];
