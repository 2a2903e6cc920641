import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalog, type NodeCatalog } from '../catalog/node-catalog.ts';
import { promptSchema, type Prompt } from '../prompt.ts';
import { modelsOf } from './models.ts';
import { preflight } from './preflight.ts';
import { workflowProblemSchema } from './problem.ts';
import { walkBack } from './walk.ts';

const json = fc.jsonValue({ maxDepth: 2 });
const classType = fc.constantFrom('A', 'B', 'Show', 'Absent', 'constructor', '__proto__');
const id = fc.constantFrom('1', '2', '3', '4', '5', '__proto__', 'x');
const link = fc.tuple(fc.oneof(id, fc.integer()), fc.oneof(fc.integer({ min: -3, max: 3 }), json));
const value = fc.oneof(json, link, fc.string({ maxLength: 20 }), fc.double(), fc.record({ __value__: json }));
const name = fc.constantFrom('a', 'b', 'c', 'images', 'c.d', 'images.x0', 'ckpt_name');
const prompts = fc.dictionary(
  id,
  fc.record({ class_type: classType, inputs: fc.dictionary(name, value, { maxKeys: 5 }) }),
  {
    maxKeys: 6,
  },
);

const type = fc.oneof(
  fc.constantFrom('INT', 'FLOAT', 'STRING', 'COMBO', 'IMAGE', '*', 'COMFY_DYNAMICCOMBO_V3', 'COMFY_AUTOGROW_V3'),
  fc.array(json),
);
const definition = fc.record(
  {
    input: fc.record({ required: fc.dictionary(name, fc.tuple(type, json), { maxKeys: 5 }), optional: json }),
    output: fc.array(fc.constantFrom('IMAGE', 'INT', '*')),
    output_node: fc.boolean(),
  },
  { requiredKeys: [] },
);
const infos = fc.dictionary(classType, fc.oneof(definition, json));

/** The catalog with what it was asked counted. */
function counted(catalog: NodeCatalog): NodeCatalog & { asked: number } {
  const counting = {
    ...catalog,
    asked: 0,
    has: (one: string) => ((counting.asked += 1), catalog.has(one)),
    get: (one: string) => ((counting.asked += 1), catalog.get(one)),
  };
  return counting;
}

const mixer = readCatalog({
  Mix: { input: { required: { a: ['IMAGE'], b: ['IMAGE'] } }, output: ['IMAGE'] },
  Show: { input: { required: { images: ['IMAGE'] } }, output_node: true },
});

function chain(length: number, second: (at: number) => number): Prompt {
  const nodes = Array.from({ length }, (_, at) => ({
    class_type: 'Mix',
    inputs: { a: [String(at - 1), 0], b: [String(second(at)), 0] },
  }));
  return {
    ...Object.fromEntries(nodes.entries()),
    end: { class_type: 'Show', inputs: { images: [`${length - 1}`, 0] } },
  };
}

describe('the judgement', () => {
  it('B377 stands whatever prompt and pod hold, in problems that the wire takes', () => {
    fc.assert(
      fc.property(prompts, infos, (given, info) => {
        const { data: prompt } = promptSchema.safeParse(given);
        if (!prompt) return;
        const { runs, partly, problems } = preflight(prompt, readCatalog(info));
        expect(runs && partly).toBe(false);
        expect(runs && problems.length > 0).toBe(false);
        expect(runs || problems.length > 0).toBe(true);
        for (const problem of problems) {
          expect(workflowProblemSchema.parse(problem)).toEqual(problem);
          expect(problem.message.length).toBeLessThan(1000);
        }
        expect(modelsOf(prompt, readCatalog(info)).length).toBeLessThan(21);
      }),
      { numRuns: 300 },
    );
  });

  it('B377 keeps 200 problems and short ones, however many and long they are', () => {
    const long = 'x'.repeat(10_000);
    const broken = { class_type: 'Show', inputs: { images: [long, 0] } };
    const absent = { class_type: long, inputs: { [long]: long } };
    const prompt = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`n${at}`, at < 150 ? absent : broken]));
    const judged = preflight(prompt, mixer);
    expect(judged.problems).toHaveLength(200);
    expect(JSON.stringify(judged).length).toBeLessThan(400_000);
    expect(judged.runs).toBe(false);
  });

  it.each([
    ['each linked to the one before, twice', (at: number) => at - 1],
    ['each linked to the first', () => 0],
    ['each linked to the last, all in loops', () => 4999],
  ])('B377 of 5,000 nodes, %s, asks for each a few times', (_title, second) => {
    const prompt = chain(5000, second);
    const catalog = counted(mixer);
    const { problems } = preflight(prompt, catalog);
    expect(problems.length).toBeGreaterThan(0);
    const links = 2 * 5000 + 1;
    expect(catalog.asked).toBeLessThan(5 * 5001 + 2 * links);
  });

  it('B376 looks at each node once, and finds all that are in loops and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 }), (graph) => {
        const looks: string[] = [];
        const { sound, inCycles } = walkBack(['0', '1'], (node) => {
          looks.push(node);
          return { sound: true, sources: (graph[Number(node)] ?? []).map(String) };
        });
        expect(new Set(looks).size).toBe(looks.length);
        expect([...sound.keys()].toSorted()).toEqual(looks.toSorted());
        const reaches = (from: string): Set<string> => {
          const found = new Set<string>();
          const open = [...(graph[Number(from)] ?? [])].map(String);
          for (let next = open.pop(); next !== undefined; next = open.pop()) {
            if (found.has(next)) continue;
            found.add(next);
            open.push(...(graph[Number(next)] ?? []).map(String));
          }
          return found;
        };
        const cyclic = new Set(looks.filter((node) => reaches(node).has(node)));
        for (const node of looks) {
          expect(sound.get(node)).toBe(!cyclic.has(node) && [...reaches(node)].every((one) => !cyclic.has(one)));
          expect(inCycles.has(node)).toBe(cyclic.has(node));
        }
      }),
      { numRuns: 500 },
    );
  });
});
