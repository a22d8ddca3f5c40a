/** Bytes of the change log: a reader that was away for some ten thousand changes can still resume. */
export const CHANGE_LOG_BYTES = 64 * 1024 * 1024;
/** Streams in one page; also what a list without a limit gets at most. */
export const MAX_PAGE = 500;
/** Events in one page of a history. */
export const MAX_HISTORY_PAGE = 1000;
/** Touches in one script call: holds Redis for about a millisecond. */
export const MAX_TOUCHES = 200;
/** Tags settled in one script call, for the same reason. */
export const MAX_SETTLED = 500;
/** Entries in one read of the change log: at most some MB. */
export const WATCH_BATCH = 100;
/** ms that one read of the change log waits on the server; aborting cuts the connection at once. */
export const WATCH_BLOCK = 5_000;
/** Registry hosts looked at in one claim; the rest waits for the next one, which comes at once. */
export const MAX_HOSTS = 1_000;
/** Hosts claimed from in one script call: holds Redis for about a millisecond. */
export const CLAIMED_HOSTS = 50;
/** Registries whose cool-downs are kept: as many as are looked at in one claim. */
export const MAX_COOL_DOWNS = 1_000;
/** Image documents read in one go: most have some KB. */
export const DOCUMENTS_AT_A_TIME = 16;
/** A manifest and a config of 4 MiB each in which every character is escaped, and the frame around them. */
export const MAX_DOCUMENT_BYTES = 17 * 1024 * 1024;
/** ms that a saved image document waits for its commit: longer than any backlog of results. */
export const DOCUMENT_GRACE = 24 * 3_600_000;
/** Counter steps skipped when a Redis run may have forgotten the newest ones: more than any lost second holds. */
export const VERSION_JUMP = 1_000_000;
/** Events of a deleted stream's tag freed in one step; also tags looked up in one. */
export const COLLECT_BATCH = 500;

/**
 * ms that a uid is remembered: that of a deleted stream, longer than any result of it can be on its way; that of one that
 * came back, longer than any restore takes.
 */
export const GONE_LIFE = 86_400_000;

/** ms that a staged history waits for its stream: an interrupted restore is taken up sooner, or never. */
export const STAGED_LIFE = 3_600_000;
/** Events of a staged or replaced history read in one step: less than a MB. */
export const STAGED_BATCH = 2_000;

/** Tags of one host, claimed again and again, that are counted as late; more of them are told as so many. */
export const MAX_HIDDEN = 1_000;
