import type { PodDisk } from './disk.ts';
import type { EventHub } from './event-hub.ts';
import { pause, runNode, type Inputs, type NodeContext } from './node-execution.ts';
import type { NodeDefinitions } from './node-definition.ts';
import type {
  HistoryEntry,
  NodeOutput,
  NodeValue,
  PodVersion,
  QueueItem,
  RunOutcome,
  StatusMessage,
} from './pod-types.ts';
import { ProgressState } from './progress-state.ts';
import type { ResultCache } from './result-cache.ts';
import { InterruptedRun, LostRun, NodeFailure } from './run-errors.ts';
import { RunOrder } from './run-order.ts';

export interface RunDeps {
  hub: EventHub;
  disk: PodDisk;
  cache: ResultCache;
  definitions: NodeDefinitions;
  stepMs: number;
  version: PodVersion;
  signal: AbortSignal;
  interrupted: () => boolean;
  /** Whether a further step may be taken; it counts as taken then. */
  takeStep: () => boolean;
}

/** One prompt from `execution_start` to the event of its end, in the recordings' order of events. */
export class PromptRun {
  readonly outputs: Record<string, NodeOutput> = {};
  readonly messages: StatusMessage[] = [];
  readonly meta: Record<string, unknown> = {};
  /** Every node was cached. */
  cached = true;
  private readonly clientId: string | undefined;
  private readonly executed: string[] = [];
  private readonly progress: ProgressState;
  private readonly order: RunOrder;

  constructor(
    private readonly item: QueueItem,
    private readonly deps: RunDeps,
  ) {
    const client = item.extraData.client_id;
    this.clientId = typeof client === 'string' ? client : undefined;
    this.progress = new ProgressState(item.promptId, deps.hub, this.clientId);
    this.order = new RunOrder(item.prompt, deps.definitions, (id) => deps.cache.get(id) !== undefined);
  }

  /** Throws `LostRun` when the pod's process ends meanwhile. */
  async execute(): Promise<RunOutcome> {
    const { hub, cache } = this.deps;
    hub.clientId = this.clientId;
    hub.lastNode = undefined;
    this.message('execution_start', { prompt_id: this.item.promptId });
    cache.setPrompt(this.item.prompt);
    const nodes = Object.keys(this.item.prompt).filter((id) => cache.get(id));
    this.message('execution_cached', { nodes, prompt_id: this.item.promptId });
    for (const id of this.item.outputs) this.order.add(id);
    for (let id = this.order.next(); id !== undefined; id = this.order.next()) {
      try {
        await this.step(id);
      } catch (cause) {
        if (cause instanceof LostRun) throw cause;
        return this.fail(id, cause);
      }
    }
    this.message('execution_success', { prompt_id: this.item.promptId });
    return 'success';
  }

  history(outcome: RunOutcome): HistoryEntry {
    const { number, promptId, prompt, extraData, outputs } = this.item;
    const good = outcome === 'success';
    return {
      prompt: [number, promptId, prompt, extraData, outputs],
      outputs: this.outputs,
      status: { status_str: good ? 'success' : 'error', completed: good, messages: this.messages },
      meta: this.meta,
    };
  }

  private async step(id: string): Promise<void> {
    const { cache, hub } = this.deps;
    const node = this.item.prompt[id];
    if (!node) return this.order.done(id);
    const old = cache.get(id);
    if (old) {
      const { promptId } = this.item;
      this.tell('executed', { node: id, display_node: id, output: old.ui ?? null, prompt_id: promptId });
      // Without a client newer pods skip the whole branch: such a history entry has no outputs.
      if (old.ui && (this.clientId !== undefined || this.deps.version === '0.3.64')) this.keep(id, old.ui);
      this.progress.finish(id);
      this.executed.push(id);
      return this.order.done(id);
    }
    this.cached = false;
    this.progress.start(id);
    hub.lastNode = id;
    this.tell('executing', { node: id, display_node: id, prompt_id: this.item.promptId });
    if (this.deps.interrupted()) throw new InterruptedRun();
    if (this.waitsForLazy(id)) return;
    const inputs = this.resolve(id);
    const blocked = Object.values(inputs).find((value) => (value as NodeValue | null)?.kind === 'blocked') as
      Extract<NodeValue, { kind: 'blocked' }> | undefined;
    const definition = this.deps.definitions[node.class_type];
    if (blocked) {
      if (definition?.output_node) this.tellBlocked(id, blocked.message);
      cache.set(id, { values: (definition?.output ?? []).map(() => blocked), nodeId: id });
    } else {
      const result = await runNode(node, inputs, this.context(id));
      // A killed process writes nothing more, whatever it was in the middle of.
      if (this.deps.signal.aborted) throw new LostRun();
      if (result.ui) {
        this.keep(id, result.ui);
        this.tell('executed', { node: id, display_node: id, output: result.ui, prompt_id: this.item.promptId });
      }
      cache.set(id, { values: result.values, nodeId: id, ...(result.ui ? { ui: result.ui } : {}) });
    }
    this.progress.finish(id);
    this.executed.push(id);
    this.order.done(id);
  }

  private waitsForLazy(id: string): boolean {
    const node = this.item.prompt[id];
    if (node?.class_type !== 'ProbeLazy') return false;
    const link = node.inputs[node.inputs.first === true ? 'a' : 'b'];
    return Array.isArray(link) && this.order.need(id, String(link[0]));
  }

  private resolve(id: string): Inputs {
    const entries = Object.entries(this.item.prompt[id]?.inputs ?? {}).map(([name, value]) => {
      if (!Array.isArray(value)) return [name, value];
      return [name, this.deps.cache.get(String(value[0]))?.values[Number(value[1])]];
    });
    return Object.fromEntries(entries) as Inputs;
  }

  private context(id: string): NodeContext {
    const { disk, stepMs, signal, hub } = this.deps;
    return {
      prompt: this.item.prompt,
      extraData: this.item.extraData,
      disk,
      stepMs,
      signal,
      step: async (ms) => {
        do await pause(ms, signal);
        while (!this.deps.takeStep());
      },
      progress: (value, max, jpeg) => {
        if (this.deps.signal.aborted) throw new LostRun();
        if (this.deps.interrupted()) throw new InterruptedRun();
        const withMetadata = this.progress.update(id, value, max, jpeg);
        const data = { value, max, prompt_id: this.item.promptId, node: id };
        hub.send('progress', data, this.clientId);
        if (jpeg && !withMetadata) hub.preview(this.clientId, jpeg);
      },
      child: async (index, run) => {
        const childId = `${id}.0.0.${index + 1}`;
        this.progress.start(childId, id);
        hub.lastNode = childId;
        this.tell('executing', { node: childId, display_node: id, prompt_id: this.item.promptId });
        await run(this.context(childId));
        this.progress.finish(childId);
      },
    };
  }

  private fail(id: string, cause: unknown): RunOutcome {
    const { promptId, prompt } = this.item;
    const about = {
      prompt_id: promptId,
      node_id: id,
      node_type: prompt[id]?.class_type ?? '',
      executed: this.executed,
    };
    if (cause instanceof InterruptedRun) {
      this.message('execution_interrupted', about);
      return 'interrupted';
    }
    const failure = cause instanceof NodeFailure ? cause : new NodeFailure('Exception', String(cause));
    const shown = Object.entries(this.item.prompt[id]?.inputs ?? {}).map(([name, value]) => [
      name,
      [Array.isArray(value) ? 'tensor([[[[0.0157, 0.6392, 0.5686], ...]]])' : value],
    ]);
    this.message('execution_error', {
      ...about,
      exception_message: failure.message,
      exception_type: failure.type,
      traceback: [`  File "/opt/ComfyUI/execution.py", line 518, in execute\n    raise ${failure.type}\n`],
      current_inputs: Object.fromEntries(shown) as Record<string, unknown>,
      current_outputs: Object.keys(this.item.prompt),
    });
    return 'error';
  }

  private tellBlocked(id: string, message: string): void {
    this.tell('execution_error', {
      prompt_id: this.item.promptId,
      node_id: id,
      node_type: this.item.prompt[id]?.class_type ?? '',
      executed: this.executed,
      exception_message: `Execution Blocked: ${message}`,
      exception_type: 'ExecutionBlocked',
      traceback: [],
      current_inputs: [],
      current_outputs: [],
    });
  }

  private keep(id: string, ui: NodeOutput): void {
    this.outputs[id] = ui;
    this.meta[id] = { node_id: id, display_node: id, parent_node: null, real_node_id: id };
  }

  private message(type: string, data: Record<string, unknown>): void {
    const full = { ...data, timestamp: Date.now() };
    this.messages.push([type, full]);
    this.tell(type, full);
  }

  private tell(type: string, data: Record<string, unknown>): void {
    if (this.clientId !== undefined) this.deps.hub.send(type, data, this.clientId);
  }
}
