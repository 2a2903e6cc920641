'use client';
import { useEffect, useState } from 'react';
import type { Reading } from './read-text.ts';

const TYPED_FOR_MS = 150;

/** What the text is understood as; null while it is empty or being read. */
export function useReading(text: string): Reading | null {
  const [held, setHeld] = useState<{ text: string; read: Reading } | null>(null);
  useEffect(() => {
    if (text.trim() === '') return;
    let current = true;
    const timer = setTimeout(() => {
      void import('./read-text.ts').then(({ readText }) => {
        if (current) setHeld({ text, read: readText(text) });
      });
    }, TYPED_FOR_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return held?.text === text ? held.read : null;
}
