import Link from 'next/link';

export default function NotFound() {
  return (
    <>
      <h1 className="text-xl font-semibold">There is nothing at this address</h1>
      <p>
        The job may be older than the history Podium keeps. <Link href="/">Back to the jobs</Link>
      </p>
    </>
  );
}
