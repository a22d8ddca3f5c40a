import { isJsonObject, type JsonObject, objectMember } from '../json-object.ts';

/** Holds the definition as it was applied last, so that the next apply knows what was taken out of the file. */
export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** Members of metadata that the server owns; a file made by `get -o yaml` has them, a definition means none of them. */
const SERVER_OWNED = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

/** The definition without what the server owns: its status, and the members of metadata it sets. */
export function definitionOf(object: JsonObject, namespace: string): JsonObject {
  const { status: _status, ...definition } = object;
  const metadata = Object.entries(objectMember(object, 'metadata')).filter(
    ([key]) => !SERVER_OWNED.has(key),
  );
  const annotations = Object.entries(objectMember(objectMember(object, 'metadata'), 'annotations'));
  const kept = annotations.filter(([key]) => key !== LAST_APPLIED_ANNOTATION);
  return {
    ...definition,
    metadata: {
      ...Object.fromEntries(metadata),
      ...(annotations.length > 0 && { annotations: Object.fromEntries(kept) }),
      namespace,
    },
  };
}

/** The definition with itself written into its last-applied annotation. */
export function withLastApplied(definition: JsonObject): JsonObject {
  const metadata = objectMember(definition, 'metadata');
  const annotations = {
    ...objectMember(metadata, 'annotations'),
    [LAST_APPLIED_ANNOTATION]: `${JSON.stringify(definition)}\n`,
  };
  return { ...definition, metadata: { ...metadata, annotations } };
}

/** What was applied last, or undefined when nothing was or the annotation cannot be read. */
export function readLastApplied(live: JsonObject): JsonObject | undefined {
  const annotations = objectMember(objectMember(live, 'metadata'), 'annotations');
  const text = annotations[LAST_APPLIED_ANNOTATION];
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // Somebody edited the annotation: nothing is known, so nothing is removed.
  }
}
