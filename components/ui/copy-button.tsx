'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Copies `text`; `what` names it for those who cannot see the icon. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <Button
      tone="quiet"
      size="small"
      aria-label={copied ? `${what} copied` : `Copy ${what}`}
      onClick={() => void copy(text).then(setCopied)}
    >
      <Icon size={14} aria-hidden /> {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}

/** Whether the text is on the clipboard now. Browsers offer none to pages that came by plain HTTP from another machine. */
async function copy(text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (!clipboard) return false;
  return clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
