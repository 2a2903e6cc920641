'use client';
import { useLayoutEffect } from 'react';

/** What the tab tells. The page's own title may arrive later than the first render, and must not replace it. */
export function useTitle(title: string): void {
  useLayoutEffect(() => {
    const tell = () => {
      if (document.title !== title) document.title = title;
    };
    tell();
    const observer = new MutationObserver(tell);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [title]);
}
