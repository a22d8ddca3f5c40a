import { isTagName, parseImageReference } from '@tagtrail/image-reference';
import { CliError } from '../cli-error.ts';

/** A tag that the simulator serves. */
export interface PushedTag {
  readonly repository: string;
  readonly tag: string;
  /** More than one makes it an index over an image per platform. */
  readonly platforms: readonly string[];
}

const SHAPE = /^(?<repository>[^=@]+):(?<tag>[^=:/@]+)(?:=(?<platforms>.+))?$/u;
const PLATFORM = /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/u;

/** Reads `REPOSITORY:TAG`, or `REPOSITORY:TAG=linux/amd64,linux/arm64`. Throws CliError `usage`. */
export function parsePushedTag(text: string): PushedTag {
  const { repository = '', tag = '', platforms } = SHAPE.exec(text)?.groups ?? {};
  // A registry host before it makes any repository name a reference.
  const named = parseImageReference(`registry.invalid/${repository}`);
  const list = platforms?.split(',') ?? [];
  if (!named.ok || !isTagName(tag) || !list.every((platform) => PLATFORM.test(platform))) {
    throw new CliError(
      'usage',
      `"${text}" is not REPOSITORY:TAG or REPOSITORY:TAG=PLATFORM,PLATFORM`,
    );
  }
  return { repository, tag, platforms: list };
}

/** The text that `parsePushedTag` reads. */
export function formatPushedTag({ repository, tag, platforms }: PushedTag): string {
  return `${repository}:${tag}${platforms.length === 0 ? '' : `=${platforms.join(',')}`}`;
}
