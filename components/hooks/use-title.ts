'use client';
import { useEffect } from 'react';

/** What the tab tells. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
