'use client';
import { RotateCw, ServerCrash } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button } from '../components/ui/button.tsx';
import { Notice } from '../components/ui/notice.tsx';

export default function PageError({ reset }: { error: Error; reset: () => void }) {
  const router = useRouter();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <Notice tone="bad" Icon={ServerCrash} role="alert">
      <h1 className="font-semibold">Podium’s API did not answer this page</h1>
      <p className="mb-3">
        Jobs that run on pods go on. Check that Podium is running and that its disk can be written to, then try again.
      </p>
      <Button onClick={again}>
        <RotateCw size={15} aria-hidden /> Try again
      </Button>
    </Notice>
  );
}
