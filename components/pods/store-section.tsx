import { CircleX, TriangleAlert } from 'lucide-react';
import { listedNames } from '../../lib/jobs/recovery-sentence.ts';
import type { InstanceView, SystemView } from '../../lib/protocol/system.ts';
import { TimeAgo } from '../time/time-ago.tsx';
import { Notice } from '../ui/notice.tsx';
import { storeSentence } from './store-sentence.ts';

/** Where jobs are kept, what about that can lose them or hold them up, and which instances share it. */
export function StoreSection({ system, nameOf }: { system: SystemView; nameOf: (podId: string) => string }) {
  const { store, instances } = system;
  const alone = instances.length === 1 && instances[0]?.self === true;
  return (
    <section aria-labelledby="store" className="mt-8 grid grid-cols-1 gap-3">
      <h2 id="store" className="text-base font-semibold">
        Store and instances
      </h2>
      {store.available ? (
        <p className="text-muted">{storeSentence(system)}</p>
      ) : (
        <Notice tone="bad" Icon={CircleX} role="status">
          {storeSentence(system)}
        </Notice>
      )}
      {store.warnings.length > 0 && (
        <Notice tone="warn" Icon={TriangleAlert} label="What to see to about the store">
          <ul className="grid gap-2">
            {store.warnings.map(({ code, message }) => (
              <li key={`${code} ${message}`} className="break-words">
                {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {instances.length > 0 && !alone && (
        <ul aria-label="Instances" className="divide-y rounded-lg border bg-surface">
          {instances.map((one) => (
            <Instance key={one.id} instance={one} nameOf={nameOf} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Instance({ instance, nameOf }: { instance: InstanceView; nameOf: (podId: string) => string }) {
  const { name, version, startedAt, podIds, self } = instance;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 px-4 py-2">
      <span className="min-w-0 break-words">
        <span className="font-medium">{name}</span>
        {self && <span className="ml-2 rounded bg-raised px-1.5 py-0.5 text-xs">this one</span>}
      </span>
      <span className="text-xs text-muted">
        {podIds.length === 0 ? 'drives no pod' : `drives ${listedNames(podIds.map(nameOf))}`} · {version} · started{' '}
        <TimeAgo at={startedAt} />
      </span>
    </li>
  );
}
