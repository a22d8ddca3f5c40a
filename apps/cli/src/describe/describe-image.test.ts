import type { ImageObject } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { digest, NOW as now, ruby } from '../importing/testing/an-import.ts';
import { describeImage } from './describe-image.ts';

/** The description with its tabs as `→`. */
function described(image: ImageObject, name = ''): string {
  return describeImage(image, name, now).replaceAll('\t', '→');
}

describe('describeImage', () => {
  it('prints what oc 4.13 printed after an import', () => {
    expect(described(ruby, 'my-ruby:latest')).toBe(`Image Name:→my-ruby:latest
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
`);
  });

  it('shows every part of an image that is there, sorted where it has no order', () => {
    const image: ImageObject = {
      ...ruby,
      metadata: { name: 'x', labels: { b: '2', a: '1' }, annotations: { description: 'Ruby' } },
      dockerImageMetadata: {
        ...ruby.dockerImageMetadata,
        Author: 'me',
        Config: {
          Entrypoint: ['/bin/sh', '-c'],
          WorkingDir: '/app',
          User: '1001',
          ExposedPorts: { '8443/tcp': {}, '8080/tcp': {} },
          Labels: { z: 'last', a: 'first' },
          Volumes: { '/var': {}, '/data': {} },
        },
      },
      dockerImageLayers: [{ name: digest('1'), size: 1000 }],
    };
    expect(described(image)).toBe(`Docker Image:→example.com/ruby@${digest('a')}
Name:→→x
Labels:→→a=1
→→b=2
Description:→Ruby
Annotations:→<none>
Image Size:→123.5kB in 1 layers
Layers:→→1kB→${digest('1')}
Image Created:→2 years ago
Author:→→me
Arch:→→amd64
Entrypoint:→/bin/sh -c
Working Dir:→/app
User:→→1001
Exposes Ports:→8080/tcp, 8443/tcp
Docker Labels:→a=first
→→z=last
Volumes:→/data
→→/var
`);
  });

  it('lists the entries of an index, of which nothing else is known', () => {
    const image: ImageObject = {
      metadata: { name: digest('a') },
      dockerImageReference: `example.com/ruby@${digest('a')}`,
      dockerImageMetadata: {},
      dockerImageManifests: [
        { digest: digest('1'), os: 'linux', architecture: 'amd64' },
        { digest: digest('2'), os: 'linux', architecture: 's390x' },
      ],
    };
    expect(described(image)).toBe(`Docker Image:→example.com/ruby@${digest('a')}
Name:→→${digest('a')}
Layer Size:→0B
Image Created:→292 years ago
Author:→→<none>
Arch:→→<none>
Manifests:→linux/amd64→${digest('1')}
→→linux/s390x→${digest('2')}
Command:→<none>
Working Dir:→<none>
User:→→<none>
Exposes Ports:→<none>
Docker Labels:→<none>
`);
    expect(described({ ...image, dockerImageMetadata: null })).toBe(described(image));
  });

  it('shows who signed an image, unverified where nobody says', () => {
    const signatures = [
      { metadata: { name: 'x@1' }, type: 'AtomicImageV1' },
      { metadata: { name: 'x@2' }, type: 'AtomicImageV1', issuedBy: { commonName: 'Ann' } },
    ];
    expect(described({ ...ruby, signatures })).toContain(`
Image Signatures:→ 
→→→Name:→x@1
→→→Type:→AtomicImageV1
→→→Status:→Unverified
Image Signatures:→ 
→→→Name:→→x@2
→→→Type:→→AtomicImageV1
→→→Status:→→Verified
→→→Issued By:→Ann
`);
  });
});
