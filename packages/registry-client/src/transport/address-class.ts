import { BlockList, isIP } from 'node:net';

/**
 * Who can be behind an address: anybody; somebody who trusts whoever shares a machine or a network with him; or the
 * machine's own cloud, which hands out credentials there.
 */
export type AddressClass = 'public' | 'private' | 'link-local';

type Subnet = readonly [address: string, bits: number];

/** Where clouds serve machine credentials, beside link-local addresses: Amazon (machines, pods), Alibaba, Azure, Oracle, Scaleway, Google. */
const METADATA_IPV4: readonly Subnet[] = [
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
];
const METADATA_IPV6: readonly Subnet[] = [
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd00:ec2::23', 128],
  ['fd00:42::42', 128],
  ['fd20:ce::254', 128],
];

/** Everything that no registry of the internet has. Source: IANA, IPv4 Special-Purpose Address Registry. */
const PRIVATE_IPV4: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved and broadcast.
  ['224.0.0.0', 3],
];

/** All but global unicast, and what of that is special. Source: IANA, IPv6 Special-Purpose Address Registry. */
const PRIVATE_IPV6: readonly Subnet[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  // Teredo, benchmarking, ORCHID and the like.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
];

const LISTS = {
  4: { metadata: listOf(METADATA_IPV4, 'ipv4'), private: listOf(PRIVATE_IPV4, 'ipv4') },
  6: { metadata: listOf(METADATA_IPV6, 'ipv6'), private: listOf(PRIVATE_IPV6, 'ipv6') },
} as const;

/** Of an IPv4 or IPv6 address in text form. An IPv6 address that stands for an IPv4 address is of that one's class. */
export function classOf(address: string): AddressClass {
  const family = isIP(address);
  const embedded = family === 6 ? embeddedIpv4(address) : undefined;
  if (embedded !== undefined) return classOf(embedded);
  // With a zone it is link-local; what is no address at all must not be dialled either.
  if (family === 0 || address.includes('%')) return 'link-local';
  const lists = LISTS[family === 4 ? 4 : 6];
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (lists.metadata.check(address, kind)) return 'link-local';
  return lists.private.check(address, kind) ? 'private' : 'public';
}

function listOf(subnets: readonly Subnet[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, family);
  return list;
}

const GROUPS = 8;
const GROUP_BITS = 16;
/** The first 96 bits of addresses that end with an IPv4 address: mapped, translated, and compatible as in RFC 4291. */
const EMBEDDING_PREFIXES: ReadonlySet<string> = new Set([
  '0,0,0,0,0,65535',
  '0,0,0,0,65535,0',
  '100,65435,0,0,0,0',
  // RFC 8215, for translation within a network.
  '100,65435,1,0,0,0',
]);
/** 6to4, which has its IPv4 address behind the prefix. */
const SIX_TO_FOUR = 0x2002;

/** Where packets to such an address come out: mapped (`::ffff:`), NAT64 (`64:ff9b::`) and 6to4 (`2002::`) addresses. */
function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  if (groups === undefined) return undefined;
  const [first, second, third] = groups;
  if (first === SIX_TO_FOUR) return dotted(second, third);
  const isEmbedding = EMBEDDING_PREFIXES.has(groups.slice(0, GROUPS - 2).join());
  return isEmbedding ? dotted(groups.at(-2), groups.at(-1)) : undefined;
}

/** The eight numbers of an IPv6 address; undefined with a zone, of which URLs know nothing. */
function groupsOf(address: string): readonly number[] | undefined {
  const [before = '', after] =
    URL.parse(`http://[${address}]`)?.hostname.slice(1, -1).split('::') ?? [];
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const head = numbers(before);
  if (after === undefined) return head.length === GROUPS ? head : undefined;
  const tail = numbers(after);
  return [...head, ...new Array<number>(GROUPS - head.length - tail.length).fill(0), ...tail];
}

function dotted(high = 0, low = 0): string {
  const byte = GROUP_BITS / 2;
  return [high >> byte, high & 0xff, low >> byte, low & 0xff].join('.');
}
