import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), message: z.string(), filename: z.string() })),
});
export type Finding = z.infer<typeof reportSchema>['diagnostics'][number];

/**
 * Runs the real linter with the project's own configuration over planted files.
 * @param files contents by path from the project's root
 */
export async function lintPlanted(files: Record<string, string>): Promise<Finding[]> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-lint-'));
  try {
    cpSync(join(ROOT, '.oxlintrc.json'), join(dir, '.oxlintrc.json'));
    cpSync(join(ROOT, 'scripts/lint'), join(dir, 'scripts/lint'), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const output = await new Promise<string>((resolve) => {
      const linter = join(ROOT, 'node_modules/.bin/oxlint');
      execFile(linter, ['-f', 'json'], { cwd: dir, maxBuffer: 2 ** 24 }, (_error, stdout) => resolve(stdout));
    });
    return reportSchema.parse(JSON.parse(output)).diagnostics;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
