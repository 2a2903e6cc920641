import { Compass } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '../components/ui/button.tsx';
import { Empty } from '../components/ui/empty.tsx';

export default function NotFound() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <Empty Icon={Compass} title="There is nothing at this address">
        <p className="max-w-sm text-muted">The job may be older than the history that Podium keeps.</p>
        <Link className={buttonClass()} href="/">
          Show all jobs
        </Link>
      </Empty>
    </>
  );
}
