import {
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  Page,
  SkipToContent,
} from '@patternfly/react-core';
import { SignOutAltIcon } from '@patternfly/react-icons';
import type { ReactNode } from 'react';
import { ThemeToggle } from '../theme/theme-toggle.tsx';
import type { ThemeSetting } from '../theme/use-theme.ts';
import logo from './tagtrail.svg';

const MAIN = 'main';

export interface PageFrameProps {
  readonly setting: ThemeSetting;
  readonly mark?: ReactNode;
  /** Undefined while nobody is signed in. */
  readonly onSignOut?: () => void;
  readonly children: ReactNode;
}

/** What is around every page. */
export function PageFrame({ setting, mark, onSignOut, children }: PageFrameProps) {
  const masthead = (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        <MastheadBrand className="tagtrail-brand">
          <img src={logo} alt="" />
          <span>Tagtrail</span>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <span className="tagtrail-masthead__end">
          {mark}
          <ThemeToggle setting={setting} />
          {onSignOut && <SignOut onSignOut={onSignOut} />}
        </span>
      </MastheadContent>
    </Masthead>
  );
  return (
    <Page
      masthead={masthead}
      isContentFilled
      mainContainerId={MAIN}
      skipToContent={<SkipToContent href={`#${MAIN}`}>Skip to the numbers</SkipToContent>}
    >
      {children}
    </Page>
  );
}

function SignOut({ onSignOut }: { readonly onSignOut: () => void }) {
  return (
    <Button
      variant="plain"
      aria-label="Sign out"
      title="Sign out"
      icon={<SignOutAltIcon />}
      onClick={onSignOut}
    />
  );
}
