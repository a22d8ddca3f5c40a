export interface Account {
  /** As it stands in references, or a URL. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly email?: string | undefined;
}

/** A Docker `config.json` with one account. Source: `kubectl create secret docker-registry`. */
export function dockerConfig({ server, username, password, email }: Account): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const entry = { username, password, ...(email !== undefined && { email }), auth };
  return JSON.stringify({ auths: { [server]: entry } });
}
