/** Largest manifest or index. Source: OCI distribution-spec asks registries for at least 4 MiB; clients stop there. */
export const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

/** Largest image config blob: the same bound, since it is parsed the same way. */
export const CONFIG_LIMIT_BYTES = 4 * 1024 * 1024;

/** Layers of an image, or entries of an index: images have at most 127 layers, large indexes some dozens of entries. */
export const DESCRIPTOR_LIMIT = 10_000;

/** Nesting of JSON: a manifest needs 5 levels, the rest is room for fields of later versions. */
export const JSON_DEPTH_LIMIT = 64;

/** Build steps in a config: every layer has one, and steps without a layer come on top. */
export const HISTORY_LIMIT = 10_000;
