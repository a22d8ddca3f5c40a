import type { ImageStreamImport } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { reportImport } from './import-report.ts';
import { anAnswer, digest, failedImport, importedRuby, NOW, ruby } from './testing/an-import.ts';

function report(answer: ImageStreamImport, dryRun = false) {
  return reportImport(answer, { dryRun, now: NOW });
}

/** What goes to stdout, the last line break included, its tabs as `→`. */
function stdout(answer: ImageStreamImport, dryRun = false): string {
  return `${report(answer, dryRun).text}\n`.replaceAll('\t', '→');
}

/** The description of the image of the golden run under a name. */
const described = (name: string) => `Image Name:→${name}
Docker Image:→example.com/ruby@${digest('a')}
Name:→→${digest('a')}
Created:→Less than a second ago
Annotations:→image.openshift.io/dockerLayersOrder=ascending
Image Size:→123.5kB in 2 layers
Layers:→→1kB→${digest('1')}
→→122.5kB→${digest('2')}
Image Created:→2 years ago
Author:→→<none>
Arch:→→amd64
Command:→irb
Working Dir:→<none>
User:→→<none>
Exposes Ports:→8080/tcp
Docker Labels:→io=x
Environment:→PATH=/usr/bin
→→A=b
`;

const SOURCE = {
  from: { kind: 'DockerImage', name: 'quay.io/acme/web' },
  importPolicy: {},
  referencePolicy: { type: 'Source' },
} as const;
const failure = { status: 'Failure', message: 'timed out' } as const;
const success = { status: { status: 'Success' }, image: ruby } as const;

describe('reportImport', () => {
  it('prints what oc 4.13 printed after an import', () => {
    expect(stdout(importedRuby)).toBe(`imagestream.image.openshift.io/my-ruby imported

Name:→→→my-ruby
Namespace:→→myproject
Created:→→Less than a second ago
Labels:→→→<none>
Annotations:→→openshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Image Repository:→<none>
Image Lookup:→→local=false
Unique Images:→→1
Tags:→→→1

latest
  tagged from example.com/ruby

  * example.com/ruby@${digest('a')}
      Less than a second ago

${described('my-ruby:latest')}

`);
    expect(report(importedRuby)).toMatchObject({ hasFailed: false, errors: [] });
  });

  it('prints what oc 4.13 printed after an import that failed', () => {
    expect(stdout(failedImport)).toBe(`imagestream.image.openshift.io/bad imported with errors

Name:→→→bad
Namespace:→→myproject
Created:→→Less than a second ago
Labels:→→→<none>
Annotations:→→openshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Image Repository:→<none>
Image Lookup:→→local=false
Unique Images:→→0
Tags:→→→1

latest
  tagged from example.com/bad:1

  ! error: Import failed (NotFound): dockerimage.image.openshift.io "example.com/bad:1" not found
      Less than a second ago


`);
    expect(report(failedImport)).toMatchObject({
      hasFailed: true,
      errors: [
        'error: tag latest failed: dockerimage.image.openshift.io "example.com/bad:1" not found',
      ],
    });
  });

  it('tells of a dry run, which leaves no stream to describe', () => {
    const looked = anAnswer('web', { images: [{ ...success, tag: '1' }] });
    expect(stdout(looked, true)).toBe(
      `imagestream.image.openshift.io/web imported (dry run)\n\n${described('web:1')}\n\n`,
    );
    expect(stdout(anAnswer('web', { images: [{ status: failure, tag: '1' }] }), true)).toBe(
      'imagestream.image.openshift.io/web imported with errors (dry run)\n\n\n',
    );
  });

  it("describes a repository's images before others, and names the tags that are left", () => {
    const answer = anAnswer('web', {
      repository: { images: [{ ...success, tag: '2' }], additionalTags: ['x1', 'x2'] },
      images: [{ ...success, tag: '1' }],
    });
    expect(stdout(answer)).toBe(`imagestream.image.openshift.io/web imported

${described('web:2')}
${described('web:1')}

info: The remote repository contained 2 additional tags which were not imported: x1, x2

`);
  });

  it("names a repository's images that failed; the repository's own status decides", () => {
    const images = [{ status: failure, tag: '2' }];
    expect(report(anAnswer('web', { repository: { images } }))).toMatchObject({
      hasFailed: false,
      errors: ['error: repository tag 2 failed: timed out'],
    });
    const status = { status: 'Failure', message: 'one of the images failed' } as const;
    expect(report(anAnswer('web', { repository: { status, images } }))).toMatchObject({
      hasFailed: true,
      errors: ['error: repository tag 2 failed: timed out'],
    });
  });

  it('says why a repository could not be listed', () => {
    const answer = anAnswer('web', { repository: { status: failure } }, { repository: SOURCE });
    expect(report(answer)).toMatchObject({
      hasFailed: true,
      errors: ['error: repository quay.io/acme/web failed: timed out'],
    });
  });

  it('takes the name of a tag from the wish when the answer has none', () => {
    const wanted = { ...SOURCE, to: { name: '7' } };
    const status = { images: [{ status: failure, image: null }] };
    const answer = anAnswer('web', status, { images: [wanted] });
    expect(report(answer).errors).toEqual(['error: tag 7 failed: timed out']);
  });

  it('lets no message of a registry move the cursor', () => {
    const status = { status: 'Failure', message: 'no\u001b[2J\nway' } as const;
    const answer = anAnswer('web', {
      repository: { additionalTags: ['a\u001b[31m'] },
      images: [{ status, tag: '1' }],
    });
    expect(report(answer).errors).toEqual(['error: tag 1 failed: no [2J way']);
    expect(stdout(answer)).not.toContain('\u001b');
  });
});
