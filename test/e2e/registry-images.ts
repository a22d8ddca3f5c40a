import { type ImageSpec, openRegistrySimulator, type Push } from '@tagtrail/registry-simulator';
import { outputOf, programsOnPath } from './real-programs.ts';

/** Makes images and puts them into a docker-registry. */
export interface ImagePublisher extends AsyncDisposable {
  /** Makes an image and moves the tag to it; resolves with what the registry then serves, byte for byte. */
  publish(repository: string, tag: string, image?: ImageSpec): Promise<Push>;
  /** An image for each tag of a repository, in one go. */
  publishTags(repository: string, tags: readonly string[]): Promise<readonly Push[]>;
}

/**
 * A publisher to the registry at `host`, which speaks plain HTTP. Images are made by a registry simulator; skopeo takes
 * them from there and pushes them as everybody would.
 */
export async function openImagePublisher(host: string, home: string): Promise<ImagePublisher> {
  const simulator = await openRegistrySimulator();
  const [program = ''] = programsOnPath('skopeo');
  const skopeo = (command: string, ...args: readonly string[]) => {
    const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
    const whole = ['--all', '--preserve-digests'];
    return outputOf(program, ['--insecure-policy', command, ...whole, ...plain, ...args], { home });
  };
  return {
    async publish(repository, tag, image) {
      const push = simulator.push(repository, tag, image);
      const [source, target] = [simulator.host, host].map((registry) => {
        return `docker://${registry}/${repository}:${tag}`;
      });
      await skopeo('copy', '--quiet', source ?? '', target ?? '');
      return push;
    },
    async publishTags(repository, tags) {
      const pushes = tags.map((tag) => simulator.push(repository, tag));
      const folder = repository.slice(0, repository.lastIndexOf('/'));
      const ends = ['--src', 'docker', '--dest', 'docker'];
      await skopeo('sync', ...ends, `${simulator.host}/${repository}`, `${host}/${folder}`);
      return pushes;
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}
