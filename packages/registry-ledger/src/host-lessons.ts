/**
 * What a host has taught about itself, spoken to in one mode. Every lesson is dropped when its time has passed: hosts are
 * mended, and replaced. Times in ms since the epoch.
 */
export interface HostLessons {
  /** How the host wants to be authenticated to, as its last challenge said. */
  readonly challenge?: {
    readonly scheme: 'basic' | 'bearer';
    readonly realm?: string;
    readonly service?: string;
    readonly until: number;
  };
  /** HEAD of a manifest is of no use until then: GET is asked at once. */
  readonly headBrokenUntil?: number;
  /** A HEAD has succeeded here: a 404 to one can be believed until then. */
  readonly headWorksUntil?: number;
  /** Manifests are asked for as JSON, too, until then. */
  readonly wantsJsonUntil?: number;
  /** Replies to HEAD confuse the connection: it is closed after each until then. */
  readonly closeAfterHeadUntil?: number;
}

/** PORT. Lessons that a process hands on to the next one. No method rejects: without the store each learns for itself. */
export interface LessonStore {
  /** Of `host` (`mode endpoint`); undefined when nothing is known. */
  read(host: string): Promise<HostLessons | undefined>;
  write(host: string, lessons: HostLessons): Promise<void>;
}
