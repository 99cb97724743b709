const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|CI|XDG_.*|SystemRoot|VIRTUAL_ENV|CONDA_.*|LD_LIBRARY_PATH|DYLD_.*|PYTHON.*|PYTEST_.*|OMP_.*|UV_.*)$/;

/** An allow-list, as for TypeScript files: a suite has no business with tokens and keys; `[connector] env` is meant for it. */
export function testEnvironment(env: NodeJS.ProcessEnv, own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name) || Object.hasOwn(own, name)));
}

/** A delivered suite stays as it was packed, for its digest is held again: neither bytecode nor pytest's cache is left in it. */
export function leavingNothing(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PYTEST_ADDOPTS: options = "" } = env;
  return {
    ...env,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTEST_ADDOPTS: [options, "-p no:cacheprovider"].join(" ").trim(),
  };
}
