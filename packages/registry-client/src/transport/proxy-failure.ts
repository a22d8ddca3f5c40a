/**
 * The proxy does not let us through. Host and port are told, because it is the proxy that has to be mended; its user, its
 * password and its words never are: users of the service may read it.
 */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
}
