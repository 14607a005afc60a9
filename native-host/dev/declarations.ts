import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/**
 * Writes what the types of a source say, and those that they name, as .d.ts files in the folders that their sources have below
 * `root`. Throws when a type cannot be told.
 */
export async function writeDeclarations(entry: string, root: string, outDir: string): Promise<void> {
  const program = ts.createProgram([entry], optionsOf(root));
  const written = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (written.has(path)) continue;
    written.add(path);
    const text = declarationOf(program, path);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) if (fileName.startsWith(".")) waiting.push(join(dirname(path), fileName));
    const out = join(outDir, relative(root, path).replace(/\.ts$/, ".d.ts"));
    await mkdir(dirname(out), { recursive: true });
    // Whoever reads them has no sources beside them.
    await writeFile(out, text.replace(/(["'])(\.\.?\/[^"']+)\.ts\1/g, "$1$2.js$1"));
  }
}

function declarationOf(program: ts.Program, path: string): string {
  let text: string | undefined;
  const { diagnostics } = program.emit(program.getSourceFile(path), (_name, written) => (text = written), undefined, true);
  const [fault] = diagnostics;
  if (fault) throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(fault.messageText, "\n")}`);
  if (text === undefined) throw new Error(`${path} has no declarations.`);
  return text;
}

function optionsOf(root: string): ts.CompilerOptions {
  const path = join(root, "native-host/tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(path, (name) => ts.sys.readFile(name)).config, ts.sys, dirname(path));
  return { ...options, composite: false, noCheck: true, rootDir: root };
}
