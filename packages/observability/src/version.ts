/** Version of the processes; a test compares it with the manifest. */
export const TAGTRAIL_VERSION = '0.1.0';
