import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One page and the policy that lets a browser run exactly what is in it. */
export interface StatusPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the page that lies beside this file and allows its own inline style and script by their hashes. */
export function readStatusPage(): StatusPage {
  const html = readFileSync(new URL('./status-page.html', import.meta.url), 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html,
    headers: {
      'content-security-policy': policy.join('; '),
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
  };
}

function hashOf(html: string, element: 'script' | 'style'): string {
  const start = html.indexOf(`<${element}>`) + element.length + 2;
  const text = html.slice(start, html.indexOf(`</${element}>`));
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
