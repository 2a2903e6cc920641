import type { EventHub } from './event-hub.ts';

interface NodeProgress {
  value: number;
  max: number;
  state: 'running' | 'finished';
  node_id: string;
  prompt_id: string;
  display_node_id: string;
  parent_node_id: string | null;
  real_node_id: string;
}

/** The `progress_state` frames of one prompt: all nodes touched so far, each time anew. */
export class ProgressState {
  private readonly nodes: Record<string, NodeProgress> = {};

  constructor(
    private readonly promptId: string,
    private readonly hub: EventHub,
    private readonly clientId: string | undefined,
  ) {}

  start(id: string, parent?: string): void {
    this.place(id, parent);
    this.send();
  }

  private place(id: string, parent?: string): void {
    const own = parent ?? id;
    this.nodes[id] = {
      value: 0,
      max: 1,
      state: 'running',
      node_id: id,
      prompt_id: this.promptId,
      display_node_id: own,
      parent_node_id: parent ?? null,
      real_node_id: own,
    };
  }

  /** True where the preview went out with its metadata. */
  update(id: string, value: number, max: number, jpeg?: Buffer): boolean {
    const node = this.nodes[id];
    if (!node) return false;
    Object.assign(node, { value, max });
    this.send();
    if (!jpeg) return false;
    const { node_id, prompt_id, display_node_id, parent_node_id, real_node_id } = node;
    const metadata = { node_id, prompt_id, display_node_id, parent_node_id, real_node_id };
    return this.hub.previewWithMetadata(this.clientId, metadata, jpeg);
  }

  /** Also for a cached node, which never started. */
  finish(id: string): void {
    if (!this.nodes[id]) this.place(id);
    const node = this.nodes[id];
    if (!node) return;
    Object.assign(node, { state: 'finished', value: node.max });
    this.send();
  }

  private send(): void {
    this.hub.send('progress_state', { prompt_id: this.promptId, nodes: this.nodes }, this.clientId);
  }
}
