/** What an image runs on, how it starts and how it was built. Source: OCI image-spec, "Image Configuration". */
export interface ImageConfig {
  readonly architecture?: string;
  readonly os?: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  /** RFC 3339 as the builder wrote it; reproducible builds set it to any past time. */
  readonly created?: string;
  readonly author?: string;
  readonly docker_version?: string;
  readonly config?: ContainerConfig;
  readonly rootfs?: RootFileSystem;
  /** Oldest first. */
  readonly history?: readonly HistoryEntry[];
}

/** Defaults of a container made from the image; the names are the wire's. */
export interface ContainerConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  /** Keys such as `8080/tcp`. */
  readonly ExposedPorts?: KeySet;
  /** Keys are paths. */
  readonly Volumes?: KeySet;
}

/** A set as Go writes it to JSON: the keys count, the values are empty objects. */
export type KeySet = Readonly<Record<string, Readonly<Record<string, never>>>>;

/** The uncompressed layers, base first. */
export interface RootFileSystem {
  readonly type?: string;
  readonly diff_ids?: readonly string[];
}

/** One step of the build. */
export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  /** The step added no layer. */
  readonly empty_layer?: boolean;
}
