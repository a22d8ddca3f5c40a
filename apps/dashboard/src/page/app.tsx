import { useOverview } from '../feed/use-overview.ts';
import { OverviewPage } from '../overview/overview-page.tsx';
import { LoginForm } from '../session/login-form.tsx';
import { type Session, useSession } from '../session/use-session.ts';
import { type ThemeSetting, useTheme } from '../theme/use-theme.ts';
import { LiveMark } from './live-mark.tsx';
import { PageFrame } from './page-frame.tsx';

/** The whole page: the form to sign in, or the overview. */
export function App() {
  const setting = useTheme();
  const session = useSession();
  if (session.token !== undefined) {
    return <SignedIn setting={setting} session={session} token={session.token} />;
  }
  return (
    <PageFrame setting={setting}>
      <LoginForm notice={session.notice} onToken={session.signIn} />
    </PageFrame>
  );
}

interface SignedInProps {
  readonly setting: ThemeSetting;
  readonly session: Session;
  readonly token: string;
}

function SignedIn({ setting, session, token }: SignedInProps) {
  const feed = useOverview(token, session.refuse);
  return (
    <PageFrame setting={setting} mark={<LiveMark feed={feed} />} onSignOut={session.signOut}>
      <OverviewPage feed={feed} theme={setting.theme} />
    </PageFrame>
  );
}
