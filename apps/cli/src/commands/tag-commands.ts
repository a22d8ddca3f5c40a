import type { ConnectionFlags } from '../connection/connection-settings.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

interface TagFlags extends ConnectionFlags {
  readonly source?: string;
  readonly delete?: true;
  readonly alias?: true;
  readonly reference?: true;
  readonly scheduled?: true;
  readonly insecure?: true;
  readonly referencePolicy: string;
  readonly importMode?: string;
  readonly output?: 'json' | 'yaml' | 'name';
}

interface ResolveFlags extends ConnectionFlags {
  readonly output?: 'json' | 'yaml';
}

export function addTagCommands(line: CommandLine): void {
  addTag(line);
  addResolve(line);
}

function addTag(line: CommandLine): void {
  const command = addCommand(line, 'tag [source] [dest...]', {
    summary: 'Point tags of image streams to images, or delete tags',
    details:
      'SOURCE is an image of a registry, STREAM:TAG or STREAM@DIGEST; DEST is [NAMESPACE/]STREAM:TAG. With -d, all arguments are tags to delete; what "tagtrail history" shows of them stays until their stream is deleted.',
    examples: [
      'tag --scheduled docker.io/library/ruby:latest my-ruby:latest',
      'tag --source=docker openshift/ruby-20-centos7:latest my-ruby:2.0 my-ruby:tip',
      'tag other/ruby:2.0 my-ruby:tested',
      'tag --alias my-ruby:2.0 my-ruby:stable',
      'tag -d my-ruby:tip',
    ],
  })
    .option('--source <kind>', 'what SOURCE is: istag, isimage or docker, if its form misleads')
    .option('-d, --delete', 'delete the tags')
    .option('--alias', 'follow the source tag whenever it moves; within one stream only')
    .option('--reference', 'record where the image is without importing it')
    .option('--scheduled', 'look at the source again and again')
    .option('--insecure', 'the registry may have a self-signed certificate or plain HTTP only')
    .option('--reference-policy <policy>', 'who serves the image: source or local', 'source')
    .option(
      '--import-mode <mode>',
      'of an index: Legacy takes one image, PreserveOriginal all',
      '',
    );
  addConnectionOptions(command.addOption(outputOption(['json', 'yaml', 'name']))).action(
    line.run(async (source: string | undefined, rest: readonly string[], flags: TagFlags) => {
      const { tagImages } = await import('../tagging/tag-images.ts');
      return tagImages(source === undefined ? rest : [source, ...rest], flags, line.context);
    }),
  );
}

function addResolve(line: CommandLine): void {
  const command = addCommand(line, 'resolve <[namespace/]stream:tag>', {
    summary: 'Print what to pull for a tag',
    details:
      'The pull spec that a consumer of the tag gets: its current image at the source, or through our own registry where its reference policy is Local.',
    examples: ['resolve web:latest', 'docker pull "$(tagtrail resolve web:latest)"'],
  });
  addConnectionOptions(command.addOption(outputOption(['json', 'yaml']))).action(
    line.run(async (tag: string, flags: ResolveFlags) => {
      const { resolveTag } = await import('../streams/resolve-tag.ts');
      return resolveTag(tag, flags, line.context);
    }),
  );
}
