'use client';
import { useEffect, useState } from 'react';
import type { ReadWorkflow } from '../../lib/workflow/read-workflow.ts';

const TYPED_FOR_MS = 150;

/** What the text is understood as; null while it is empty or being read. */
export function useReading(text: string): ReadWorkflow | null {
  const [held, setHeld] = useState<{ text: string; read: ReadWorkflow } | null>(null);
  useEffect(() => {
    if (text.trim() === '') return;
    let current = true;
    const timer = setTimeout(() => {
      void import('../../lib/workflow/read-workflow.ts').then(({ readWorkflow }) => {
        if (current) setHeld({ text, read: readWorkflow(text) });
      });
    }, TYPED_FOR_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return held?.text === text ? held.read : null;
}
