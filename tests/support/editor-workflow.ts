/** A workflow as ComfyUI's editor saves it: an empty picture that is saved, in two nodes that a demo pod has. */
export function editorWorkflow(color: number): Record<string, unknown> {
  return {
    version: 0.4,
    last_node_id: 2,
    last_link_id: 1,
    nodes: [
      {
        id: 1,
        type: 'EmptyImage',
        pos: [0, 0],
        size: [200, 100],
        mode: 0,
        inputs: [],
        outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [1] }],
        widgets_values: [64, 48, 1, color],
      },
      {
        id: 2,
        type: 'SaveImage',
        title: 'Keep',
        pos: [300, 0],
        size: [200, 100],
        mode: 0,
        inputs: [{ name: 'images', type: 'IMAGE', link: 1 }],
        outputs: [],
        widgets_values: ['podium-editor'],
      },
    ],
    links: [[1, 1, 0, 2, 0, 'IMAGE']],
    groups: [],
    extra: {},
  };
}
