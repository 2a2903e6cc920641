/** What became of a node: of one that waits, runs or ran, or one that a check before the run found a fault with. */
export type NodeState = 'waiting' | 'cached' | 'running' | 'done' | 'failed' | 'stopped' | 'not_run' | 'problem';

export interface NodeMark {
  state: NodeState;
  /** How much of its own steps is done, 0–1, while it runs. */
  part?: number;
}

/** By the id a node has in the prompt (`12`, `12:34`); a node without a mark is drawn plain. */
export type NodeMarks = ReadonlyMap<string, NodeMark>;
