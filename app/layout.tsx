import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { LiveProvider } from '../components/hooks/live-store.tsx';
import { NowProvider } from '../components/hooks/now-store.tsx';
import { AppShell } from '../components/layout/app-shell.tsx';
import { DemoNotice } from '../components/layout/demo-notice.tsx';
import { SESSION_COOKIE } from '../lib/protocol/session-cookie.ts';
import { THEME_COOKIE, themeOf } from '../components/layout/theme.ts';
import { serverApi } from './server-api.ts';
import './globals.css';

export const metadata: Metadata = { title: 'Podium', icons: { icon: '/icon.svg' } };

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const given = await cookies();
  const theme = themeOf(given.get(THEME_COOKIE)?.value);
  const pods = await (await serverApi()).pods().catch(() => []);
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <NowProvider serverNow={Date.now()}>
          <LiveProvider>
            <AppShell
              theme={theme}
              signedIn={given.has(SESSION_COOKIE)}
              notice={pods.some((pod) => pod.demo) && <DemoNotice />}
            >
              {children}
            </AppShell>
          </LiveProvider>
        </NowProvider>
      </body>
    </html>
  );
}
