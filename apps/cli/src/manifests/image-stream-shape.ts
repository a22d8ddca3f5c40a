/** Members that an object may have. `true` is a value of any kind, `[shape]` a list. */
export type Shape = { readonly [member: string]: true | Shape | readonly [Shape] };

const OBJECT_META: Shape = {
  name: true,
  generateName: true,
  namespace: true,
  uid: true,
  resourceVersion: true,
  generation: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  deletionGracePeriodSeconds: true,
  selfLink: true,
  labels: true,
  annotations: true,
  finalizers: true,
  managedFields: true,
  ownerReferences: true,
};

const OBJECT_REFERENCE: Shape = {
  kind: true,
  namespace: true,
  name: true,
  uid: true,
  apiVersion: true,
  resourceVersion: true,
  fieldPath: true,
};

/** Source: `image.openshift.io/v1` and Kubernetes `ObjectMeta`, `ObjectReference`. */
export const IMAGE_STREAM_SHAPE: Shape = {
  kind: true,
  apiVersion: true,
  metadata: OBJECT_META,
  spec: {
    lookupPolicy: { local: true },
    dockerImageRepository: true,
    tags: [
      {
        name: true,
        annotations: true,
        from: OBJECT_REFERENCE,
        reference: true,
        generation: true,
        importPolicy: { insecure: true, scheduled: true, importMode: true },
        referencePolicy: { type: true },
      },
    ],
  },
  status: true,
};
