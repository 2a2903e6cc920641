import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a place shows that holds nothing: what would be here, and the way to it. */
export function Empty({ Icon, title, children }: { Icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-3 rounded-lg border border-dashed bg-surface px-4 py-16 text-center">
      <Icon size={28} aria-hidden className="text-muted" strokeWidth={1.5} />
      <h2 className="text-base font-semibold">{title}</h2>
      {children}
    </div>
  );
}
