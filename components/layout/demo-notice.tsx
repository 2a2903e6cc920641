import { FlaskConical } from 'lucide-react';

/** Says that what answers is no GPU. */
export function DemoNotice() {
  return (
    <aside aria-label="Demo pod" className="border-b bg-accent-soft py-1.5 text-xs text-accent">
      <p className="mx-auto flex max-w-6xl items-center gap-2 px-4">
        <FlaskConical size={14} aria-hidden className="shrink-0" />
        <span>
          Demo pod: Podium draws the pictures itself. Set{' '}
          <code className="font-mono font-semibold">COMFYUI_POD_URL</code> to use your ComfyUI.
        </span>
      </p>
    </aside>
  );
}
