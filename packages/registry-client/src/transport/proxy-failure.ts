/** The proxy does not let us through. Neither its name nor its words are told: users of the service may read it. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
}
