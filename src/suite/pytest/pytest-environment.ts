import { devNull } from "node:os";
import { join } from "node:path";
import { pytestConfig } from "../../delivery/pytest-config.ts";
import { folderSource } from "../../delivery/suite-source.ts";
import { quoteShell } from "../../kernel/posix-words.ts";

const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|CI|XDG_.*|SystemRoot|VIRTUAL_ENV|CONDA_.*|LD_LIBRARY_PATH|DYLD_.*|PYTHON.*|PYTEST_.*|OMP_.*|UV_.*)$/;

/** An allow-list, as for TypeScript files: a suite has no business with tokens and keys; `[connector] env` is meant for it. */
export function testEnvironment(env: NodeJS.ProcessEnv, own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name) || Object.hasOwn(own, name)));
}

/**
 * A delivered suite runs as it was packed, whoever's machine it is: pytest takes the configuration that travelled and no other, asks no
 * folder above for a conftest.py, and hears no options of the environment. It also stays as it was, for its digest is held again: neither
 * bytecode nor pytest's cache is left in it.
 */
export function asDelivered(env: NodeJS.ProcessEnv, root: string): NodeJS.ProcessEnv {
  const { PYTEST_PLUGINS: _, ...kept } = env;
  const config = pytestConfig(folderSource(root))?.path;
  const file = config === undefined ? devNull : join(root, config);
  const words = ["-p", "no:cacheprovider", "-c", file, `--rootdir=${root}`, `--confcutdir=${root}`];
  return { ...kept, PYTHONDONTWRITEBYTECODE: "1", PYTEST_ADDOPTS: words.map(quoteShell).join(" ") };
}
