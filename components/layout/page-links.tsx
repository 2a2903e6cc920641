'use client';
import clsx from 'clsx';
import { Bookmark, History, List, Plus, Server } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

const PAGES = [
  {
    href: '/',
    word: 'Jobs',
    Icon: List,
    covers: (path: string) => ['/jobs', '/batches'].some((at) => path.startsWith(at)) || path === '/',
  },
  { href: '/submit', word: 'Submit', Icon: Plus, covers: (path: string) => path === '/submit' },
  {
    href: '/templates',
    word: 'Templates',
    Icon: Bookmark,
    covers: (path: string) => path === '/templates',
  },
  { href: '/pods', word: 'Pods', Icon: Server, covers: (path: string) => path === '/pods' },
  { href: '/recovered', word: 'Recovered', Icon: History, covers: (path: string) => path === '/recovered' },
];

/** The pages; in the header, or on a narrow screen at the thumb. */
export function PageLinks({ place }: { place: 'top' | 'bottom' }) {
  const path = usePathname();
  const top = place === 'top';
  return (
    <nav
      aria-label="Pages"
      className={
        top
          ? 'flex gap-1 max-sm:hidden'
          : 'fixed inset-x-0 bottom-0 z-20 grid h-14 grid-cols-5 border-t bg-surface sm:hidden'
      }
    >
      {PAGES.map(({ href, word, Icon, covers }) => (
        <Link
          key={href}
          href={href}
          className={clsx(
            'flex items-center justify-center font-medium',
            top ? 'h-8 rounded-md px-2.5' : 'flex-col gap-0.5 text-xs -outline-offset-2',
            covers(path) ? 'text-ink' : 'text-muted hover:text-ink',
            top && covers(path) && 'bg-raised',
            !top && covers(path) && 'text-accent',
          )}
          {...(covers(path) && { 'aria-current': 'page' as const })}
        >
          {!top && <Icon size={18} aria-hidden />}
          {word}
        </Link>
      ))}
    </nav>
  );
}
