/** Suffixes of the variables that Kubernetes gives every pod for every Service of its namespace. */
const LINK_NAME =
  /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
/** `TAGTRAIL_API_PORT=tcp://10.0.0.7:8420` would otherwise be read as our port. */
const LINK_VALUE = /^(tcp|udp|sctp):\/\//;

/**
 * Whether a variable was put there by Kubernetes for a Service whose name begins with `tagtrail`, and not by an operator.
 * Source: Kubernetes, "Discovering services", environment variables (`enableServiceLinks`, on by default).
 */
export function isServiceLink(name: string, value: string): boolean {
  return LINK_NAME.test(name) || LINK_VALUE.test(value);
}
