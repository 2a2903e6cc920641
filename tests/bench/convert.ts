import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { convertWorkflow } from '../../lib/workflow/convert/convert-workflow.ts';
import { readEditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';
import { compareGolden, goldenObjectInfo, goldenPairs } from '../support/golden.ts';
import { compare, median, type Comparison } from './compare.ts';

/** Converting the golden set, read and judged as a pasted file is, over parsing the same files as JSON. */
export async function convertBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const pairs = goldenPairs();
  const catalog = readCatalog(JSON.parse(goldenObjectInfo()));
  const each = (work: (text: string) => unknown) => {
    const from = performance.now();
    for (const { ui } of pairs) work(ui);
    return Promise.resolve((performance.now() - from) / pairs.length);
  };
  const comparison = await compare(
    'convert: one golden file / JSON.parse of it',
    {
      subject: () =>
        each((text) => {
          const read = readEditorWorkflow(JSON.parse(text));
          if (read.ok) convertWorkflow(read.workflow, catalog);
        }),
      baseline: () => each((text) => JSON.parse(text)),
    },
    { repeats, unit: 'ms a file', aim: '≤ 30', onRepeat },
  );
  const report = compareGolden(pairs, catalog);
  const msAFile = median(comparison.subject);
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
  return {
    ...comparison,
    notes: [
      `${Math.round(1000 / msAFile)} files, ${Math.round((1000 * report.nodes) / report.files / msAFile)} nodes a second`,
      `equal to the frontend's export: ${share(report.equalNodes, report.nodes)} of ${report.nodes} nodes, ` +
        `${share(report.equalFiles, report.files)} of ${report.files} files`,
      ...report.differences,
    ],
  };
}
