import Link from 'next/link';
import type { ReactNode } from 'react';
import { ConnectionBanner } from './connection-banner.tsx';
import { KeyHelp } from './key-help.tsx';
import { LiveMark } from './live-mark.tsx';
import { PageLinks } from './page-links.tsx';
import type { Theme } from './theme.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** What stands around every page. */
export function AppShell({
  theme,
  signedIn,
  notice,
  children,
}: {
  theme: Theme;
  signedIn: boolean;
  notice: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <a
        href="#main"
        className="absolute -top-20 left-4 z-30 rounded-md bg-accent-fill px-3 py-2 text-white focus:top-2"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-20 border-b bg-surface">
        <div className="mx-auto flex h-12 max-w-6xl items-center gap-4 px-4">
          <Link href="/" className="flex items-center gap-2 font-semibold">
            <img src="/icon.svg" alt="" width={20} height={20} />
            Podium
          </Link>
          <PageLinks place="top" />
          <div className="ml-auto flex items-center gap-1">
            <a
              className="px-2 text-xs text-muted hover:text-ink max-md:hidden"
              href="/api/docs"
              target="_blank"
              rel="noreferrer"
            >
              API
            </a>
            <LiveMark />
            <KeyHelp />
            <ThemeToggle first={theme} />
            {signedIn && (
              <form method="post" action="/logout">
                <button className="rounded-md px-2 py-1 text-xs text-muted hover:text-ink">Sign out</button>
              </form>
            )}
          </div>
        </div>
        <ConnectionBanner />
      </header>
      {notice}
      <main id="main" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-5 outline-none max-sm:pb-20">
        {children}
      </main>
      <PageLinks place="bottom" />
    </>
  );
}
