'use client';
import { useReactFlow } from '@xyflow/react';
import { Maximize2, Minimize2, Minus, Plus, Scan, type LucideIcon } from 'lucide-react';
import { turnMs } from './moves.ts';

export interface GraphControlsProps {
  isLarge: boolean;
  onLarge: (isLarge: boolean) => void;
  fit: () => void;
}

export function GraphControls({ isLarge, onLarge, fit }: GraphControlsProps) {
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <div className="absolute bottom-2 left-2 z-10 flex divide-x rounded-md border bg-surface shadow-sm">
      <Control label="Zoom in" Icon={Plus} onPress={() => void zoomIn({ duration: turnMs() })} />
      <Control label="Zoom out" Icon={Minus} onPress={() => void zoomOut({ duration: turnMs() })} />
      <Control label="Show all of it" Icon={Scan} onPress={fit} />
      <Control
        label={isLarge ? 'Make the graph smaller' : 'Make the graph larger'}
        Icon={isLarge ? Minimize2 : Maximize2}
        onPress={() => onLarge(!isLarge)}
      />
    </div>
  );
}

function Control({ label, Icon, onPress }: { label: string; Icon: LucideIcon; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="grid size-8 place-items-center text-muted hover:text-ink max-sm:size-10"
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}
