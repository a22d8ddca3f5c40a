import { parseImageReference } from '@tagtrail/image-reference';
import type { ImportMode, ReferencePolicyType } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import { pullSpecAdvice } from '../streams/pull-spec-advice.ts';
import { splitRepository } from '../tagging/tag-source.ts';

/** The options of `import-image` that say what to import. */
export interface WishFlags {
  readonly from?: string;
  readonly confirm?: true;
  readonly all?: true;
  /** Undefined unless given, either way. */
  readonly scheduled?: boolean;
  /** Undefined unless given, either way. */
  readonly insecure?: boolean;
  readonly referencePolicy?: string;
  readonly importMode?: string;
  readonly dryRun?: true;
}

/** What a command line asks for, before it is known what there is. */
export interface ImportWish {
  /** The argument as written: a pull spec too, when a stream is made of nothing else. */
  readonly text: string;
  /** The stream. */
  readonly name: string;
  /** Undefined for all of them. */
  readonly tag: string | undefined;
  /** Empty when it is not given. */
  readonly from: string;
  /** Whether a stream may be created, or its source changed. */
  readonly confirm: boolean;
  /** Undefined when the tag decides. */
  readonly scheduled: boolean | undefined;
  /** Undefined when the stream and its tags decide. */
  readonly insecure: boolean | undefined;
  /** Undefined unless given. */
  readonly referencePolicy: ReferencePolicyType | undefined;
  /** Undefined when the tag decides. */
  readonly importMode: ImportMode | undefined;
  readonly dryRun: boolean;
}

/** Reads argument and options; order and words are those of `oc import-image`, which leaves the source to the server. Throws CliError `usage`. */
export function readImportWish(text: string, flags: WishFlags): ImportWish {
  const target = readTarget(text, flags.all === true);
  const policies = {
    referencePolicy: readReferencePolicy(flags.referencePolicy),
    importMode: readImportMode(flags.importMode),
  };
  return {
    text,
    ...target,
    ...policies,
    from: readFrom(flags.from ?? ''),
    confirm: flags.confirm === true,
    scheduled: flags.scheduled,
    insecure: flags.insecure,
    dryRun: flags.dryRun === true,
  };
}

/** Registry and namespace are left out, as `oc` does: the stream is one of the current namespace. */
function readTarget(text: string, all: boolean): Pick<ImportWish, 'name' | 'tag'> {
  const parsed = parseImageReference(text);
  if (!parsed.ok) throw wrong(NO_PULL_SPEC);
  const { name, tag, digest } = splitRepository(parsed.reference);
  if (digest !== undefined) throw wrong("to import images by ID, use the 'tag' command");
  if (all && tag !== undefined) throw wrong(`cannot specify a tag "${text}" as well as --all`);
  if (name.includes('/')) throw wrong(`invalid resource name "${name}": [may not contain '/']`);
  return { name, tag: all ? undefined : (tag ?? 'latest') };
}

const NO_PULL_SPEC =
  'the image name must be a valid container image pull spec or reference to an image stream (e.g. myregistry/myteam/image:tag)';

function readReferencePolicy(text: string | undefined): ReferencePolicyType | undefined {
  switch (text?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'source':
      return 'Source';
    case 'local':
      return 'Local';
    default:
      throw wrong('valid reference policy values are source or local');
  }
}

function readImportMode(text: string | undefined): ImportMode | undefined {
  if (text === undefined || text === 'Legacy' || text === 'PreserveOriginal') return text;
  throw wrong('valid ImportMode values are Legacy or PreserveOriginal');
}

/** The source as written. One that no server takes is not worth a request. */
function readFrom(text: string): string {
  const parsed = parseImageReference(text);
  if (text === '' || parsed.ok) return text;
  throw wrong(`invalid --from "${text}": ${parsed.message}${pullSpecAdvice(text)}`);
}

function wrong(message: string): CliError {
  return new CliError('usage', message);
}
