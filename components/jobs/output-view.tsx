import type { JobOutputView } from '../../lib/protocol/jobs.ts';

export function OutputView({ output }: { output: JobOutputView }) {
  const download = (
    <a href={output.url} download={output.filename}>
      {output.filename}
    </a>
  );
  switch (output.kind) {
    case 'image':
      return (
        <figure>
          <a href={output.url}>
            <img
              className="max-w-full rounded"
              src={output.url}
              alt={`${output.nodeName}: ${output.filename}`}
              width={output.width}
              height={output.height}
            />
          </a>
          <figcaption>{download}</figcaption>
        </figure>
      );
    case 'video':
      return (
        <figure>
          <video className="max-w-full" controls src={output.url} />
          <figcaption>{download}</figcaption>
        </figure>
      );
    case 'audio':
      return (
        <figure>
          <audio controls src={output.url} />
          <figcaption>{download}</figcaption>
        </figure>
      );
    case 'text':
      return (
        <figure>
          <pre tabIndex={0} className="overflow-auto">
            {output.text}
          </pre>
          <figcaption>{download}</figcaption>
        </figure>
      );
    default:
      return <p>{download}</p>;
  }
}
