import {
  ActionGroup,
  Alert,
  Button,
  Card,
  CardBody,
  CardTitle,
  Form,
  FormGroup,
  TextInput,
} from '@patternfly/react-core';
import { type ClipboardEvent, type FormEvent, useState } from 'react';
import { checkToken } from '../feed/check-token.ts';
import { tokenOf } from './token-of.ts';

export interface LoginFormProps {
  /** Why somebody who was signed in is asked again. */
  readonly notice: string | undefined;
  readonly onToken: (token: string) => void;
}

/** Asks for the kubeconfig's token, and goes on only with one that the API takes. */
export function LoginForm({ notice, onToken }: LoginFormProps) {
  const { text, setText, problem, isChecking, submit } = useLogin(notice, onToken);
  const paste = (event: ClipboardEvent) => {
    // A field of one line would run the lines of a kubeconfig together.
    const token = tokenOf(event.clipboardData.getData('text'));
    if (token === undefined) return;
    event.preventDefault();
    setText(token);
  };
  return (
    <section className="tagtrail-login" aria-labelledby="login-title">
      <Card>
        <CardTitle component="h1" id="login-title">
          Sign in to Tagtrail
        </CardTitle>
        <CardBody>
          <Form onSubmit={submit}>
            {problem !== undefined && (
              <Alert
                variant="danger"
                isInline
                isLiveRegion
                component="h2"
                title={problem}
                data-testid="login-problem"
              />
            )}
            <FormGroup label="Token" fieldId="token">
              <TextInput
                id="token"
                type="password"
                autoComplete="off"
                autoFocus
                isRequired
                value={text}
                validated={problem === undefined ? 'default' : 'error'}
                aria-describedby="token-place"
                onChange={(_, value) => setText(value)}
                onPaste={paste}
              />
            </FormGroup>
            <TokenPlace />
            <ActionGroup>
              <Button
                type="submit"
                variant="primary"
                isLoading={isChecking}
                isDisabled={isChecking}
              >
                Sign in
              </Button>
            </ActionGroup>
          </Form>
        </CardBody>
      </Card>
    </section>
  );
}

function TokenPlace() {
  return (
    <div id="token-place" className="tagtrail-note">
      <p>
        The token is in the kubeconfig of this installation. <code>tagtrail up</code> writes it to
        its data folder: <code>.tagtrail/kubeconfig</code>, and alone to{' '}
        <code>.tagtrail/token</code>. Paste the token or the whole file.
      </p>
      <p>It stays in this browser tab until you sign out or close the tab.</p>
    </div>
  );
}

function useLogin(notice: string | undefined, onToken: (token: string) => void) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(notice);
  const [isChecking, setChecking] = useState(false);
  const signIn = async () => {
    const token = tokenOf(text);
    if (token === undefined) return setProblem('This is no token: it has no spaces.');
    setChecking(true);
    const refusal = await checkToken('', token);
    setChecking(false);
    if (refusal === undefined) return onToken(token);
    setProblem(`${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}.`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void signIn();
  };
  return { text, setText, problem, isChecking, submit };
}
