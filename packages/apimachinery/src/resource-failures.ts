import { failure } from './failure.ts';
import { qualifiedKind, qualifiedResource, type ResourceName } from './resource-name.ts';
import type { FieldCause, Status, StatusDetails } from './status.ts';

/** 404: the object does not exist. Source: Kubernetes `apierrors.NewNotFound`. */
export function notFound(target: ResourceName): Status {
  return failure('NotFound', `${subject(target)} not found`, resourceDetails(target));
}

/** 409: an object of this name exists already. Source: Kubernetes `apierrors.NewAlreadyExists`. */
export function alreadyExists(target: ResourceName): Status {
  return failure('AlreadyExists', `${subject(target)} already exists`, resourceDetails(target));
}

/** The `detail` of a conflict when a compare-and-set on resourceVersion was lost. */
export const OBJECT_MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 409: the object is not what the request expects. Source: Kubernetes `apierrors.NewConflict`. */
export function conflict(target: ResourceName, detail: string): Status {
  const message = `Operation cannot be fulfilled on ${subject(target)}: ${detail}`;
  return failure('Conflict', message, resourceDetails(target));
}

/** 422: the object breaks its schema, one cause per field. Source: Kubernetes `apierrors.NewInvalid`. */
export function invalid(target: ResourceName, causes: readonly FieldCause[]): Status {
  const summary = `${qualifiedKind(target)} ${quote(target.name)} is invalid`;
  const message = causes.length === 0 ? summary : `${summary}: ${joinCauses(causes)}`;
  return failure('Invalid', message, { ...details(target, target.kind), causes });
}

/** The answer to a deletion that is done. Source: Kubernetes generic registry store. */
export function successStatus(target: ResourceName & { readonly uid?: string }): Status {
  const { uid } = target;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...resourceDetails(target), ...(uid !== undefined && { uid }) },
  };
}

function subject(target: ResourceName): string {
  return `${qualifiedResource(target)} ${quote(target.name)}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** As Go joins an error list: repeated lines once, brackets only around several. */
function joinCauses(causes: readonly FieldCause[]): string {
  const lines = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  return lines.length === 1 ? lines.join('') : `[${lines.join(', ')}]`;
}

/** Kubernetes puts the resource, not the kind, into `details.kind`; only Invalid differs. */
function resourceDetails(target: ResourceName): StatusDetails {
  return details(target, target.resource);
}

function details({ name, group }: ResourceName, kind: string): StatusDetails {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), kind };
}
