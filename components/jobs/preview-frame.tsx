import { Image as Picture } from 'lucide-react';

/** The place of the picture while it is being made. */
export function PreviewFrame({ url }: { url: string | null }) {
  return (
    <figure className="grid min-h-64 place-items-center overflow-hidden rounded-lg border bg-surface sm:min-h-96">
      {url ? (
        <img className="max-h-[32rem] w-full object-contain" src={url} alt="Preview of the running job" />
      ) : (
        <figcaption className="grid justify-items-center gap-2 p-4 text-center text-muted">
          <Picture size={24} aria-hidden strokeWidth={1.5} />
          The preview appears here while the sampler runs
        </figcaption>
      )}
    </figure>
  );
}
