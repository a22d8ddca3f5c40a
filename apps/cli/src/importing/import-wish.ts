import { parseImageReference } from '@tagtrail/image-reference';
import type { ImportMode, ReferencePolicyType } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import { splitRepository } from '../tagging/tag-source.ts';

/** The options of `import-image` that say what to import. */
export interface WishFlags {
  readonly from?: string;
  readonly confirm?: true;
  readonly all?: true;
  readonly scheduled?: true;
  /** Undefined unless given, either way. */
  readonly insecure?: boolean;
  readonly referencePolicy: string;
  readonly importMode: string;
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
  readonly scheduled: boolean;
  /** Undefined when the stream and its tags decide. */
  readonly insecure: boolean | undefined;
  readonly referencePolicy: ReferencePolicyType;
  readonly importMode: ImportMode;
  readonly dryRun: boolean;
}

/** Reads argument and options; order and words are those of `oc import-image`. Throws CliError `usage`. */
export function readImportWish(text: string, flags: WishFlags): ImportWish {
  return {
    text,
    ...readTarget(text, flags.all === true),
    from: flags.from ?? '',
    confirm: flags.confirm === true,
    scheduled: flags.scheduled === true,
    insecure: flags.insecure,
    referencePolicy: readReferencePolicy(flags.referencePolicy),
    importMode: readImportMode(flags.importMode),
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

function readReferencePolicy(text: string): ReferencePolicyType {
  switch (text.toLowerCase()) {
    case 'source':
      return 'Source';
    case 'local':
      return 'Local';
    default:
      throw wrong('valid reference policy values are source or local');
  }
}

function readImportMode(text: string): ImportMode {
  if (text === 'Legacy' || text === 'PreserveOriginal') return text;
  throw wrong('valid ImportMode values are Legacy or PreserveOriginal');
}

function wrong(message: string): CliError {
  return new CliError('usage', message);
}
