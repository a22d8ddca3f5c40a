import { Button } from '@patternfly/react-core';
import { CheckIcon, CopyIcon } from '@patternfly/react-icons';
import { useEffect, useState } from 'react';
import { bareDigest } from '../format/short-digest.ts';

/** ms for which the button says that it worked. */
const THANKS = 2_000;

export interface CopyableDigestProps {
  /** Digest or pull spec, whole. */
  readonly text: string;
  /** What it is, for who hears the page. */
  readonly name: string;
}

/** A digest in short, with a button that copies it whole. */
export function CopyableDigest({ text, name }: CopyableDigestProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), THANKS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      // The browser does not allow it: the whole text is in the title, to be copied by hand.
      () => setCopied(false),
    );
  return (
    <span className="tagtrail-digest">
      <code title={text} data-digest={!text.includes('/')}>
        {bareDigest(text)}
      </code>
      <Button
        variant="plain"
        size="sm"
        hasNoPadding
        aria-label={isCopied ? 'Copied' : `Copy ${name}`}
        title={isCopied ? 'Copied' : 'Copy the whole digest'}
        icon={isCopied ? <CheckIcon /> : <CopyIcon />}
        onClick={copy}
      />
    </span>
  );
}
