import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { compareGolden, goldenObjectInfo, goldenPairs } from '../support/golden.ts';

describe('conversion of the golden set', () => {
  const report = compareGolden(goldenPairs(), readCatalog(JSON.parse(goldenObjectInfo())));

  it('B340: equals the export of ComfyUI’s own frontend on 99 % of the nodes and 97 % of the files', () => {
    expect(report.files).toBeGreaterThan(250);
    const lines = report.differences.join('\n');
    expect(report.equalNodes / report.nodes, lines).toBeGreaterThanOrEqual(0.99);
    expect(report.equalFiles / report.files, lines).toBeGreaterThanOrEqual(0.97);
  });

  it('B340: has no difference at all', () => {
    expect(report.differences).toEqual([]);
  });

  it('B345: keeps and names every node of an unknown class', () => {
    expect(report.unknownNodes).toBeGreaterThan(100);
    expect(report.namedUnknownNodes).toBe(report.unknownNodes);
  });
});
