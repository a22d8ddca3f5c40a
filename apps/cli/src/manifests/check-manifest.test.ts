import { describe, expect, it } from 'vitest';
import { manifestProblems } from './check-manifest.ts';
import { parseManifests } from './parse-manifests.ts';

const valid = `kind: ImageStream
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

function check(text: string, namespace = 'demo'): readonly string[] {
  return parseManifests(text, 'f').flatMap((entry) =>
    entry.ok ? manifestProblems(entry.manifest, namespace) : entry.problems,
  );
}

/** What is wrong when one thing in the valid manifest reads otherwise. */
function changed(right: string, wrong: string): readonly string[] {
  expect(valid).toContain(right);
  return check(valid.replace(right, wrong));
}

describe('manifestProblems', () => {
  it('finds nothing wrong with an ImageStream, status included', () => {
    expect(check(`${valid}status: {tags: [{tag: latest, items: null}]}`)).toEqual([]);
  });

  it('accepts the API version of the 3.x documentation, and none', () => {
    expect(changed('image.openshift.io/v1', 'v1')).toEqual([]);
    expect(changed('apiVersion: image.openshift.io/v1\n', '')).toEqual([]);
  });

  it('accepts short sources, as the documentation has them', () => {
    expect(changed('"docker.io/library/redis:7"', 'openshift/ruby-20-centos7')).toEqual([]);
    expect(changed('"docker.io/library/redis:7"', 'redis')).toEqual([]);
  });

  it.each([
    [
      'kind: ImageStream\n',
      'kind: Deployment\n',
      'line 1: kind: "Deployment" is not known: must be ImageStream',
    ],
    [
      'kind: ImageStream\n',
      'kind: ImageStreamTag\n',
      'line 1: kind: ImageStreamTag is not taken from files; use `tagtrail tag`',
    ],
    [
      'kind: ImageStream\n',
      'kind: ImageStreamImport\n',
      'line 1: kind: ImageStreamImport is not taken from files; use `tagtrail import-image`',
    ],
    ['kind: ImageStream\n', '', 'line 1: kind: Required value: must be ImageStream'],
    ['kind: ImageStream\n', 'kind: 3\n', 'line 1: kind: 3 is not known: must be ImageStream'],
    [
      'kind: ImageStream\n',
      'Kind: ImageStream\n',
      'line 1: unknown field Kind; did you mean kind?',
    ],
    [
      'image.openshift.io/v1',
      'apps/v1',
      'line 2: apiVersion: Invalid value: "apps/v1": must be image.openshift.io/v1',
    ],
  ])('says of which kind it must be: %j as %j', (right, wrong, message) => {
    expect(changed(right, wrong)).toEqual([`f: document 1, ${message}`]);
  });

  it.each([
    [
      'metadata: {',
      'metadata: {spec: {}, ',
      'line 3: unknown field metadata.spec; did you mean spec?',
    ],
    [
      'metadata: {',
      'metadata: {tags: [], ',
      'line 3: unknown field metadata.tags; did you mean spec.tags?',
    ],
    [
      'scheduled: true',
      'schedule: true',
      'line 10: unknown field spec.tags[0].importPolicy.schedule; did you mean spec.tags[0].importPolicy.scheduled?',
    ],
    ['spec:', 'specs:', 'line 4: unknown field specs; did you mean spec?'],
    ['spec:', 'replicas: 3\nspec:', 'line 4: unknown field replicas'],
  ])('names unknown fields and what may be meant: %j as %j', (right, wrong, message) => {
    expect(changed(right, wrong)).toEqual([`f: document 1, ${message}`]);
  });

  it.each([
    [
      'scheduled: true',
      'scheduled: "yes"',
      'line 10: spec.tags[0].importPolicy.scheduled: Invalid value: "yes": must be true or false, without quotes',
    ],
    [
      'name: latest',
      'name: 3.10',
      'line 7: spec.tags[0].name: Invalid value: 3.1: must be a string; put it in quotes: "3.10"',
    ],
    [
      'name: web',
      'name: 7',
      'line 3: metadata.name: Invalid value: 7: must be a string; put it in quotes: "7"',
    ],
    ['name: web', 'name: [web]', 'line 3: metadata.name: Invalid value: ["web"]: must be a string'],
    [
      'team: a',
      'team: true',
      'line 3: metadata.labels[team]: Invalid value: true: must be a string; put it in quotes: "true"',
    ],
    [
      '{kind: DockerImage, name: "docker.io/library/redis:7"}',
      'redis',
      'line 9: spec.tags[0].from: Invalid value: "redis": must be an object; write its fields below it, indented',
    ],
    [
      'name: latest',
      'generation: "1"\n    name: latest',
      'line 7: spec.tags[0].generation: Invalid value: "1": must be a whole number, without quotes',
    ],
  ])('says of which type a value must be: %j as %j', (right, wrong, message) => {
    expect(changed(right, wrong)).toEqual([`f: document 1, ${message}`]);
  });

  it('finds the line by the place in the list, though tags are called 0 and 1', () => {
    const tags = '  - {name: "1"}\n  - {name: "0"}\n  - {name: 7}\n  - {name: "1"}\n';
    expect(check(`kind: ImageStream\nmetadata: {name: web}\nspec:\n  tags:\n${tags}`)).toEqual([
      'f: document 1, line 7: spec.tags[2].name: Invalid value: 7: must be a string; put it in quotes: "7"',
      'f: document 1, line 8: spec.tags[3].name: Duplicate value: "1": spec.tags[0] has it; keep one of them',
    ]);
  });

  it('says that tags are a list', () => {
    expect(check('kind: ImageStream\nmetadata: {name: web}\nspec: {tags: {name: a}}')).toEqual([
      'f: document 1, line 3: spec.tags: Invalid value: {"name":"a"}: must be a list; begin each of its entries with "- "',
    ]);
  });
});

describe('the rules of the server', () => {
  const digest = `sha256:${'1'.repeat(64)}`;
  const from = (kind: string, name: string) => `from: {kind: ${kind}, name: "${name}"}`;
  const image = 'from: {kind: DockerImage, name: "docker.io/library/redis:7"}';
  const kinds = "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'";
  const scheduled =
    'only tags pointing to Docker repositories may be scheduled for background import; leave it out';

  it.each([
    [
      'name: web',
      'name: Web',
      'line 3: metadata.name: Invalid value: "Web": must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"',
    ],
    [
      'name: web',
      'namespace: demo',
      'line 3: metadata.name: Required value: name or generateName is required',
    ],
    [
      'lookupPolicy: {local: false}',
      'dockerImageRepository: quay.io/a/b:1',
      'line 5: spec.dockerImageRepository: Invalid value: "quay.io/a/b:1": the repository name may not contain a tag; leave it out, tags stand in spec.tags',
    ],
    [
      'lookupPolicy: {local: false}',
      `dockerImageRepository: quay.io/a/b@${digest}`,
      `line 5: spec.dockerImageRepository: Invalid value: "quay.io/a/b@${digest}": the repository name may not contain an ID; leave it out, tags stand in spec.tags`,
    ],
    [
      'lookupPolicy: {local: false}',
      'dockerImageRepository: quay.io/A',
      'line 5: spec.dockerImageRepository: Invalid value: "quay.io/A": repository name must be lowercase',
    ],
    [image, from('DockerImage', ''), 'line 9: spec.tags[latest].from.name: Required value'],
    [
      image,
      from('DockerImage', 'a//b'),
      'line 9: spec.tags[latest].from.name: Invalid value: "a//b": invalid reference format; write [REGISTRY/]REPOSITORY[:TAG]',
    ],
    [image, from('Image', 'a'), `line 9: spec.tags[latest].from.kind: Required value: ${kinds}`],
    [
      image,
      from('ImageStreamTag', 'a:b'),
      `line 10: spec.tags[latest].importPolicy.scheduled: Invalid value: true: ${scheduled}`,
    ],
    [
      image,
      from('ImageStreamImage', 'a@b'),
      `line 10: spec.tags[latest].importPolicy.scheduled: Invalid value: true: ${scheduled}`,
    ],
    [
      'type: Source',
      'type: local',
      'line 11: spec.tags[0].referencePolicy.type: Invalid value: "local": valid values are "Source", "Local"',
    ],
    [
      'importMode: Legacy',
      'importMode: legacy',
      `line 10: spec.tags[0].importPolicy.importMode: Invalid value: "legacy": invalid import mode, valid modes are '', 'Legacy', 'PreserveOriginal'`,
    ],
    ['name: latest', 'name: ""', 'line 7: spec.tags[].name: Required value: a tag needs a name'],
    [
      'name: web',
      `name: ${'a'.repeat(251)}`,
      `line 3: metadata.name: Invalid value: "${'a'.repeat(251)}": 'namespace/name' cannot be longer than 255 characters`,
    ],
  ])('hold before anything is sent: %j as %j', (right, wrong, message) => {
    expect(changed(right, wrong)).toEqual([`f: document 1, ${message}`]);
  });

  it('hold for schedules, on the line of the annotation', () => {
    expect(changed('schedule: 2s', 'schedule: often')).toEqual([
      expect.stringMatching(
        /^f: document 1, line 8: spec\.tags\[latest\]\.annotations\[tagtrail\.dev\/schedule\]: Invalid value: "often": /u,
      ),
    ]);
  });

  it.each([
    'quay.io',
    'quay.io/',
    'registry.example.com:5000',
    'localhost',
    'localhost:5000',
    '127.0.0.1:5000',
  ])('want a repository beside the registry %s', (registry) => {
    const written = registry.replace(/\/$/u, '');
    expect(changed(image, from('DockerImage', registry))).toEqual([
      `f: document 1, line 9: spec.tags[latest].from.name: Invalid value: "${registry}": names a registry without a repository; write ${written}/REPOSITORY[:TAG]`,
    ]);
    expect(changed('lookupPolicy: {local: false}', `dockerImageRepository: "${registry}"`)).toEqual(
      [
        `f: document 1, line 5: spec.dockerImageRepository: Invalid value: "${registry}": names a registry without a repository; write ${written}/REPOSITORY`,
      ],
    );
  });

  it('want the scheme left out', () => {
    expect(changed(image, from('DockerImage', 'https://quay.io/a'))).toEqual([
      'f: document 1, line 9: spec.tags[latest].from.name: Invalid value: "https://quay.io/a": invalid reference format; write [REGISTRY/]REPOSITORY[:TAG], without https://',
    ]);
  });

  it.each(['-a', '.a', 'a b', 'a:b', 'ä'])(
    'are stricter in files than in the API: tag "%s"',
    (tag) => {
      expect(changed('name: latest', `name: "${tag}"`)).toEqual([
        `f: document 1, line 7: spec.tags[${tag}].name: Invalid value: "${tag}": no registry has such a tag: write letters, digits, '_', '.' and '-', the first of them no '.' or '-'`,
      ]);
    },
  );

  it('let a registry alone be the name of a tag', () => {
    const tag = image
      .replace('DockerImage', 'ImageStreamTag')
      .replace('docker.io/library/redis:7', 'a.b');
    expect(changed(image, tag)).toHaveLength(1);
  });
});

describe('several mistakes', () => {
  it('are all named, those of other documents too', () => {
    const wrong = valid.replace('scheduled: true', 'scheduled: "yes"').replace('local:', 'locale:');
    expect(check(`${valid}---\n${wrong}`)).toEqual([
      'f: document 2, line 17: unknown field spec.lookupPolicy.locale; did you mean spec.lookupPolicy.local?',
      'f: document 2, line 22: spec.tags[0].importPolicy.scheduled: Invalid value: "yes": must be true or false, without quotes',
    ]);
  });

  it('stand on the lines of their tags, whatever the tags are called', () => {
    const tag = (name: string) =>
      `  - name: "${name}"\n    from: {kind: DockerImage, name: "A b"}\n`;
    const text = `kind: ImageStream\nmetadata: {name: web}\nspec:\n  tags:\n${tag('b')}${tag('a].from')}${tag('a')}`;
    expect(check(text).map((problem) => /line (\d+)/u.exec(problem)?.[1])).toEqual([
      '6',
      '7',
      '8',
      '10',
    ]);
  });

  it('stand on the line of the namesake that they are about', () => {
    const tag = (kind: string) => `  - name: a\n    from: {kind: ${kind}, name: b}\n`;
    const text = `kind: ImageStream\nmetadata: {name: web}\nspec:\n  tags:\n${tag('DockerImage')}${tag('Image')}`;
    expect(check(text)).toEqual([
      'f: document 1, line 7: spec.tags[1].name: Duplicate value: "a": spec.tags[0] has it; keep one of them',
      expect.stringMatching(
        /^f: document 1, line 8: spec\.tags\[a\]\.from\.kind: Required value: /u,
      ),
    ]);
  });

  it('are cut where they are too many', () => {
    const tags = Array.from({ length: 30 }, (_, index) => `  - {name: t${index}, form: {}}\n`);
    const problems = check(
      `kind: ImageStream\nmetadata: {name: web}\nspec:\n  tags:\n${tags.join('')}`,
    );
    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe('f: document 1: 10 more mistakes');
  });
});
