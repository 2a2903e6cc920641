import type { Metadata } from 'next';
import Link from 'next/link';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { LiveProvider } from '../components/hooks/live-store.tsx';
import { ConnectionBanner } from '../components/layout/connection-banner.tsx';
import { serverApi } from './server-api.ts';
import './globals.css';

export const metadata: Metadata = { title: 'Podium', icons: { icon: '/icon.svg' } };

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const pods = await (await serverApi()).pods().catch(() => []);
  return (
    <html lang="en">
      <body>
        <LiveProvider>
          <header className="flex flex-wrap items-center gap-4 border-b border-line px-4 py-3">
            <nav aria-label="Pages" className="flex flex-1 items-center gap-4">
              <strong>Podium</strong>
              <Link href="/">Jobs</Link>
              <Link href="/submit">Submit</Link>
              <Link href="/pods">Pods</Link>
            </nav>
            <ConnectionBanner />
          </header>
          {pods.some((pod) => pod.demo) && (
            <p className="border-b border-line px-4 py-2 text-muted">
              A demo pod is running: pictures are drawn by Podium. Set COMFYUI_POD_URL to use yours.
            </p>
          )}
          <main className="mx-auto max-w-6xl p-4">{children}</main>
        </LiveProvider>
      </body>
    </html>
  );
}
