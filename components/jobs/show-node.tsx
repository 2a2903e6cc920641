'use client';
/** Leads to a node in the workflow's graph; only its id where there is no graph. */
export function ShowNode({
  nodeId,
  onShowNode,
}: {
  nodeId: string;
  onShowNode: ((nodeId: string) => void) | undefined;
}) {
  if (!onShowNode) return <span className="text-muted">node {nodeId}</span>;
  return (
    <button
      type="button"
      className="text-muted underline decoration-dotted underline-offset-4 hover:text-ink max-sm:min-h-6"
      onClick={() => onShowNode(nodeId)}
      aria-label={`Show node ${nodeId} in the workflow`}
    >
      node {nodeId}
    </button>
  );
}
