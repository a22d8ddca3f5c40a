import { useCallback, useState } from 'react';
import { forgetToken, keepToken, readKeptToken } from './kept-token.ts';

export interface Session {
  /** Undefined: nobody is signed in. The API answers nobody without one, on this machine either. */
  readonly token: string | undefined;
  /** Why the last session ended, when nobody asked for that. */
  readonly notice: string | undefined;
  readonly signIn: (token: string) => void;
  readonly signOut: () => void;
  /** The API does not take the token any more. */
  readonly refuse: () => void;
}

/** Who is signed in, in this tab. */
export function useSession(): Session {
  const [token, setToken] = useState(readKeptToken);
  const [notice, setNotice] = useState<string | undefined>(undefined);
  const end = useCallback((reason?: string) => {
    forgetToken();
    setToken(undefined);
    setNotice(reason);
  }, []);
  const signIn = useCallback((given: string) => {
    keepToken(given);
    setToken(given);
    setNotice(undefined);
  }, []);
  const signOut = useCallback(() => end(), [end]);
  const refuse = useCallback(() => end('The API does not accept the token any more.'), [end]);
  return { token, notice, signIn, signOut, refuse };
}
