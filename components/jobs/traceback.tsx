import { CopyButton } from '../ui/copy-button.tsx';

/** What the node's Python said, folded, to be copied. */
export function Traceback({ text, type }: { text: string; type: string | undefined }) {
  return (
    <details className="mt-3">
      <summary className="font-medium underline decoration-dotted underline-offset-4">
        Traceback{type && <span className="font-normal text-muted"> of {type}</span>}
      </summary>
      <div className="mt-2 rounded-md border bg-surface">
        <div className="flex justify-end border-b px-1 py-0.5">
          <CopyButton text={text} what="traceback" />
        </div>
        <pre tabIndex={0} aria-label="Traceback" className="max-h-80 overflow-auto p-3 font-mono text-xs">
          {text}
        </pre>
      </div>
    </details>
  );
}
