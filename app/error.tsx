'use client';
import { Button } from '../components/ui/button.tsx';

export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div role="alert">
      <h1 className="text-xl font-semibold">Podium’s API did not answer this page</h1>
      <p className="mb-4">Your jobs go on. Check that Podium is running and its store is reachable, then try again.</p>
      <Button onClick={reset}>Try again</Button>
    </div>
  );
}
